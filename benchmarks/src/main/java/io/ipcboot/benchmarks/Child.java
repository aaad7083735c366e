package io.ipcboot.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ParentProcess;

/**
 * The measured worker.
 */
public final class Child {

	private static int received;

	private Child() {
	}

	/**
	 * Forked by {@link Parent}.
	 * @param args none
	 * @throws IOException if it was not forked
	 */
	public static void main(String[] args) throws IOException {
		ParentProcess parent = ParentProcess.connect();
		parent.answer("echo", Message.class, (message) -> message);
		parent.listen("message", Message.class, (message) -> received++);
		parent.listen("text", String.class, (text) -> received++);
		parent.answer("block", Void.class, (nothing) -> new CompletableFuture<>());
		parent.answer("received", Void.class, (nothing) -> received);
		parent.listen("socket", SocketChannel.class, Child::close);
		parent.ready();
		parent.onDisconnect().join();
	}

	private static void close(SocketChannel connection) {
		try {
			connection.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
