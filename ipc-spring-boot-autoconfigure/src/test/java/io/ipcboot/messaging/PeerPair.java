package io.ipcboot.messaging;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.HandleSocket;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two peers in one JVM, connected by a real socket pair.
 */
public final class PeerPair implements Closeable {

	private static final int MAX_FRAME = ChannelOptions.DEFAULT.maxFrameSize();

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final PayloadConverter converter = new PayloadConverter(JsonMapper.builder().build(), MAX_FRAME);

	public final Side left;

	public final Side right;

	public PeerPair() throws IOException {
		this(ChannelOptions.DEFAULT, 1);
	}

	public PeerPair(ChannelOptions limits, int concurrency) throws IOException {
		HandleSocket.Pair sockets = HandleSocket.openPair();
		PeerOptions options = new PeerOptions(Duration.ofSeconds(30), concurrency, this.executor);
		this.left = new Side(sockets.first(), limits, options, 1);
		this.right = new Side(sockets.second(), limits, options, 2);
	}

	@Override
	public void close() {
		this.left.peer.close();
		this.right.peer.close();
		this.left.closed.join();
		this.right.closed.join();
		this.executor.shutdownNow();
	}

	public final class Side implements PeerEvents {

		public final ListenerRegistry listeners = new ListenerRegistry();

		public final CompletableFuture<ChannelClosedException> closed = new CompletableFuture<>();

		public final Peer peer;

		public final Exchanges exchanges;

		Side(HandleSocket socket, ChannelOptions limits, PeerOptions options, int number) throws IOException {
			this.peer = new Peer(new PeerId("test", number, ProcessHandle.current().pid()), socket, limits, options,
					PeerPair.this.converter, this.listeners, this);
			this.exchanges = new Exchanges(PeerPair.this.converter, limits.maxFrameSize(), options.callTimeout(),
					Redelivery.NONE, this.peer::transmit);
			this.peer.channel().acceptHandles();
			this.peer.start();
			this.peer.openListeners();
		}

		@Override
		public void received(Frame frame) {
		}

		@Override
		public void closed(ChannelClosedException cause) {
			this.peer.settle(0, (mayHaveStarted) -> cause);
			this.closed.complete(cause);
		}

	}

}
