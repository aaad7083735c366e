package io.ipcboot.server.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A client of the websocket.
 */
final class SocketClient implements WebSocket.Listener, AutoCloseable {

	private final BlockingQueue<String> received = new LinkedBlockingQueue<>();

	private final WebSocket socket;

	SocketClient(int port) {
		this(HttpClient.newHttpClient(), port);
	}

	SocketClient(HttpClient client, int port) {
		this.socket = client.newWebSocketBuilder()
			.buildAsync(URI.create("ws://127.0.0.1:" + port + "/socket"), this)
			.join();
	}

	/** The pid of the process at the other end. */
	String ask() throws InterruptedException {
		this.socket.sendText("who is it", true).join();
		return String.valueOf(this.received.poll(20, TimeUnit.SECONDS));
	}

	@Override
	public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
		this.received.add(data.toString());
		webSocket.request(1);
		return null;
	}

	@Override
	public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
		this.received.add("closed: " + statusCode);
		return null;
	}

	@Override
	public void onError(WebSocket webSocket, Throwable error) {
		this.received.add(error.toString());
	}

	@Override
	public void close() {
		this.socket.abort();
	}

}
