package io.ipcboot.messaging;

import java.io.Closeable;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.StartLedger;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two peers in one JVM, connected by a real socket pair.
 */
public final class PeerPair implements Closeable {

	private final ExecutorService executor;

	private final ChannelOptions limits;

	private final PayloadConverter converter;

	public final Side left;

	public final Side right;

	public PeerPair() throws IOException {
		this(ChannelOptions.DEFAULT, 1);
	}

	public PeerPair(ChannelOptions limits, int concurrency) throws IOException {
		this(limits, concurrency, Executors.newCachedThreadPool(), JsonMapper.builder().build());
	}

	public PeerPair(ChannelOptions limits, int concurrency, ExecutorService executor, JsonMapper mapper)
			throws IOException {
		this(limits, executor, mapper, new PeerOptions(concurrency, executor));
	}

	/** Both sides have the same interceptors. */
	PeerPair(Interceptors interceptors) throws IOException {
		this(ChannelOptions.DEFAULT, Executors.newCachedThreadPool(), JsonMapper.builder().build(),
				new PeerOptions(1, Runnable::run, interceptors));
	}

	private PeerPair(ChannelOptions limits, ExecutorService executor, JsonMapper mapper, PeerOptions options)
			throws IOException {
		this.executor = executor;
		HandleSocket.Pair sockets = HandleSocket.openPair();
		this.limits = limits;
		this.converter = new PayloadConverter(mapper, limits.maxFrameSize());
		this.left = new Side(sockets.first(), options, 1);
		this.right = new Side(sockets.second(), options, 2);
		this.left.noteIn(this.right);
		this.right.noteIn(this.left);
	}

	PayloadConverter converter() {
		return this.converter;
	}

	/** Let both sides receive, and hand messages to their listeners. */
	public PeerPair start() {
		this.left.start();
		this.right.start();
		return this;
	}

	@Override
	public void close() {
		this.left.peer.close();
		this.right.peer.close();
		this.left.awaitClosed();
		this.right.awaitClosed();
		this.executor.shutdownNow();
	}

	public final class Side implements PeerEvents {

		public final ListenerRegistry listeners = new ListenerRegistry();

		public final CompletableFuture<ChannelClosedException> closed = new CompletableFuture<>();

		/** What the other side would have noted in its ledger. */
		final AtomicLong startedByOther = new AtomicLong();

		/** The same for what it has finished. */
		final AtomicLong finishedByOther = new AtomicLong();

		private boolean started;

		public final Peer peer;

		public final ExchangeSender sender;

		Side(HandleSocket socket, PeerOptions options, int number) throws IOException {
			this.peer = new Peer(new PeerId("test", number, ProcessHandle.current().pid()), socket,
					PeerPair.this.limits, options, PeerPair.this.converter, this.listeners, this);
			this.sender = new ExchangeSender(PeerPair.this.converter, PeerPair.this.limits.maxFrameSize(),
					Duration.ofSeconds(30), this.peer, options.interceptors());
		}

		void noteIn(Side other) {
			this.peer.channel().noteIn(new StartLedger.Notes(other.startedByOther::set, other.finishedByOther::set));
		}

		/** Start with listeners. */
		public void start() {
			startWithoutListeners();
			this.peer.openListeners();
		}

		/** What arrives waits. */
		public void startWithoutListeners() {
			this.started = true;
			this.peer.channel().acceptHandles();
			this.peer.start();
		}

		public @Nullable Object call(String destination, @Nullable Object payload, Type type) {
			return this.sender.call(TestMessages.of(destination, payload), type).body();
		}

		public <T extends @Nullable Object> CompletableFuture<T> callAsync(String destination, @Nullable Object payload,
				Type type) {
			return this.sender.callAsync(TestMessages.of(destination, payload), type);
		}

		public CompletableFuture<Void> send(String destination, @Nullable Object payload) {
			return this.sender.send(TestMessages.of(destination, payload));
		}

		public CompletableFuture<Void> emit(String name, @Nullable Object... values) {
			return this.sender.send(TestMessages.event(name, List.of(values)));
		}

		void awaitClosed() {
			if (this.started) {
				this.closed.join();
			}
		}

		@Override
		public void received(Frame frame) {
		}

		@Override
		public void closed(ChannelClosedException cause) {
			this.peer.settle(this.startedByOther.get(), 0,
					(mayHaveStarted) -> new ChannelClosedException(this.peer.id(),
							mayHaveStarted ? "gone, and may have started it" : "gone before it started it", cause));
			this.closed.complete(cause);
		}

	}

}
