package io.ipcboot;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.JvmShutdown;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.Polling;
import io.ipcboot.channel.StartLedger;
import io.ipcboot.handle.Handle;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.messaging.PeerOptions;
import io.ipcboot.messaging.Route;
import io.ipcboot.process.ChannelEnvironment;
import io.ipcboot.process.ControlFrames;
import io.ipcboot.process.HeapGauge;
import io.ipcboot.process.Hello;
import io.ipcboot.process.PrivateDirectory;
import io.ipcboot.process.Session;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.function.SingletonSupplier;

/**
 * The worker's end of the channel, from the handshake to the exit of this JVM. A worker
 * exits when its channel ends, whatever its listeners are doing.
 */
final class ParentConnection implements PeerEvents {

	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

	/**
	 * The time to exit without a parent; short, since no process waits for this one any
	 * more.
	 */
	private static final Duration ORPHAN_GRACE = Duration.ofMillis(800);

	/** The default mapper, until the application sets its own. */
	private static final Supplier<JsonMapper> DEFAULT_MAPPER = SingletonSupplier.of(() -> JsonMapper.builder().build());

	/** How long leaving may take if the parent did not set a time. */
	private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(20);

	/**
	 * How long this JVM may live on after leaving if it never served: enough to report
	 * why it could not start.
	 */
	private static final Duration FAILED_START_GRACE = Duration.ofSeconds(5);

	/**
	 * How long to wait beyond the parent's limit; usually the parent kills this process
	 * at its limit.
	 */
	private static final Duration PARENT_MARGIN = Duration.ofSeconds(5);

	/** More than any JVM lives, and little enough to calculate with. */
	private static final Duration MAX_GRACE = Duration.ofDays(36_500);

	private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(5);

	/** How often to look whether the thread that leaves still does. */
	private static final Duration LEAVER_CHECK = Duration.ofMillis(50);

	private final CompletableFuture<Hello> hello = new CompletableFuture<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final CompletableFuture<Void> departure = new CompletableFuture<>();

	private final CompletableFuture<Void> left = new CompletableFuture<>();

	/** The thread that lets this process leave, once it does. */
	private final AtomicReference<@Nullable Thread> leaver = new AtomicReference<>();

	private final ListenerRegistry listeners = new ListenerRegistry();

	private final JvmExit exit = new JvmExit();

	private final Peer peer;

	private final ParentWatch watch;

	private volatile boolean saidGoodbye;

	private volatile boolean abandoned;

	/** Whether this process took messages, or was told to leave, with a time for that. */
	private volatile boolean hasTime;

	private volatile int slot = -1;

	private volatile Duration grace = SHUTDOWN_GRACE;

	/** Whether nothing else in this process needs the parent. */
	private volatile BooleanSupplier finished = () -> true;

	private volatile Interceptors interceptors = Interceptors.NONE;

	/**
	 * The parent, {@code null} if it has another process id here, as in a sandbox with
	 * ids of its own. Then only the end of the channel shows the end of the parent.
	 */
	private volatile @Nullable ProcessHandle parent;

	private volatile PayloadConverter converter = defaultConverter(ChannelOptions.DEFAULT);

	private ParentConnection() throws IOException {
		// prepared while the native library is being loaded
		Background.EXECUTOR.execute(this.converter::prepare);
		long parentPid = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
		this.peer = new Peer(PeerId.parent(parentPid), ChannelEnvironment.open(), ChannelOptions.DEFAULT,
				new PeerOptions(1, Background.EXECUTOR), this.converter, this.listeners, this);
		this.watch = new ParentWatch(this.peer.channel()::bytesRead);
		this.peer.channel().acceptHandles();
		this.peer.start();
	}

	static ParentConnection open() throws IOException {
		ParentConnection connection = create();
		try {
			connection.hello.orTimeout(HANDSHAKE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS).join();
			TerminalSignals.ignoreInterrupt();
			connection.leaveAtShutdown();
			return connection;
		}
		catch (CompletionException ex) {
			connection.peer.close();
			throw new IOException("The handshake with the parent failed", ex.getCause());
		}
	}

	/**
	 * Take over the channel. A process that was forked as a worker is nothing else, so it
	 * ends if it cannot: nothing that waits for the end of this JVM may go on meanwhile.
	 */
	private static ParentConnection create() throws IOException {
		try {
			return new ParentConnection();
		}
		catch (IOException | RuntimeException | LinkageError ex) {
			if (ChannelEnvironment.isPresent()) {
				System.err.println("This process was forked as a worker and cannot reach its parent: "
						+ ((ex.getMessage() != null) ? ex.getMessage() : ex));
				System.err.flush();
				Runtime.getRuntime().halt(1);
			}
			throw ex;
		}
	}

	Hello hello() {
		return this.hello.join();
	}

	/** Return the slot in the pool; a spare gets its slot later. */
	int slot() {
		return this.slot;
	}

	Peer peer() {
		return this.peer;
	}

	ListenerRegistry listeners() {
		return this.listeners;
	}

	CompletableFuture<Void> closed() {
		return this.closed;
	}

	void finishFirst(BooleanSupplier newFinished) {
		this.finished = newFinished;
	}

	/** Return a future that completes when this process begins to leave. */
	CompletableFuture<Void> departure() {
		return this.departure;
	}

	ExchangeSender sender() {
		return sender(hello().callTimeout(), this.peer);
	}

	ExchangeSender sender(Duration callTimeout, Route route) {
		return new ExchangeSender(this.converter, hello().limits().maxFrameSize(), callTimeout, route,
				this.interceptors);
	}

	void configure(JsonMapper mapper, Executor executor, Interceptors newInterceptors) {
		this.interceptors = newInterceptors;
		configure(new PayloadConverter(mapper, hello().limits().maxFrameSize()), executor, hello());
	}

	private void configure(PayloadConverter newConverter, Executor executor, Hello facts) {
		this.converter = newConverter;
		this.peer.configure(facts.limits(), new PeerOptions(facts.concurrency(), executor, this.interceptors),
				this.converter);
	}

	/**
	 * Tell the parent that this process takes messages, and keep this JVM alive, since
	 * all threads of listeners are daemons.
	 */
	void ready() {
		this.hasTime = true;
		this.converter.prepare();
		this.peer.openListeners();
		this.peer.control(ControlFrames.ready(this.listeners.concurrencies()));
		new Thread(() -> CompletableFuture.anyOf(this.left, this.closed).join(), "ipc-keep-alive").start();
	}

	private void leaveAtShutdown() {
		try {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(null), "ipc-leave"));
			Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp, "ipc-clean-up"));
		}
		catch (IllegalStateException ex) {
			// this JVM is shutting down already
		}
	}

	/**
	 * Clean up as the parent would do when this JVM has ended. The channel of a parent
	 * that was killed ends some time before the system reports the parent as dead.
	 */
	private void cleanUp() {
		ProcessHandle known = this.parent;
		if (this.abandoned || (known != null && !known.isAlive())) {
			Session.killOthers();
			PrivateDirectory.removeOwn(hello().parentPid());
		}
	}

	/**
	 * Stop taking messages, finish what was started, and say goodbye. If another thread
	 * is doing so already, wait until it has finished.
	 */
	void leave(@Nullable String reason) {
		if (this.leaver.compareAndSet(null, Thread.currentThread())) {
			this.departure.complete(null);
		}
		else if (!replacesLeaver()) {
			return;
		}
		try {
			this.peer.control(ControlFrames.drain());
			CompletableFuture<Void> drained = this.peer.drain();
			await(this.grace, () -> drained.isDone() || this.peer.isExitingFromListener());
			await(this.grace.dividedBy(2), this.finished);
			await(FAREWELL_TIMEOUT, () -> this.peer.channel().backlog() == 0);
			sayGoodbye(reason, drained.isDone());
		}
		finally {
			this.exit.haltAfter(1, haltGrace());
			this.left.complete(null);
			this.peer.close();
		}
	}

	/**
	 * Return how long this JVM may live on. The drain timeout, which may be short, is for
	 * listeners only.
	 */
	private Duration haltGrace() {
		if (!this.hasTime) {
			return FAILED_START_GRACE;
		}
		return (this.grace.compareTo(SHUTDOWN_GRACE) > 0) ? this.grace : SHUTDOWN_GRACE;
	}

	/**
	 * Wait until another thread has finished leaving.
	 * @return whether the current thread has to leave instead, since the other one has
	 * ended this JVM in code that is attached to the departure, and does not return
	 */
	private boolean replacesLeaver() {
		long start = System.nanoTime();
		while (!Polling.await(this.left::isDone, CHECK_INTERVAL, LEAVER_CHECK)
				&& System.nanoTime() - start < TimeUnit.NANOSECONDS.convert(this.grace)) {
			Thread other = this.leaver.get();
			if (other != null && JvmShutdown.isAwaitedBy(other)
					&& this.leaver.compareAndSet(other, Thread.currentThread())) {
				return true;
			}
		}
		return false;
	}

	private void sayGoodbye(@Nullable String reason, boolean finished) {
		if (this.peer.isConnected()) {
			this.saidGoodbye = true;
			this.peer.control(ControlFrames.bye(reason, finished));
			// the parent closes the channel when it has read everything up to here
			await(FAREWELL_TIMEOUT, this.closed::isDone);
			parentExit().thenRun(() -> this.exit.haltAfter(1, ORPHAN_GRACE));
		}
	}

	/** Return a future that completes when the parent has ended, if that can be seen. */
	private CompletableFuture<?> parentExit() {
		ProcessHandle known = this.parent;
		return (known != null) ? known.onExit() : new CompletableFuture<>();
	}

	private void await(Duration timeout, BooleanSupplier condition) {
		Polling.await(() -> condition.getAsBoolean() || !this.peer.isConnected(), CHECK_INTERVAL, timeout);
		// an interrupt must not shorten the orderly exit
		Thread.interrupted();
	}

	@Override
	public void received(Frame frame) {
		switch (frame.type()) {
			case HELLO -> welcome(frame);
			case PING -> {
				this.peer.control(ControlFrames.pong(HeapGauge.afterCollection()));
				ControlFrames.timeoutOf(frame).ifPresent(this.watch::sign);
			}
			case ASSIGN -> this.slot = ControlFrames.slotOf(frame);
			case DRAIN -> {
				this.grace = withMargin(ControlFrames.graceOf(frame).orElse(SHUTDOWN_GRACE));
				this.hasTime = true;
				Background.EXECUTOR.execute(() -> {
					try {
						leave(null);
					}
					finally {
						this.exit.exit(0, this.grace);
					}
				});
			}
			default -> {
			}
		}
	}

	private static Duration withMargin(Duration time) {
		return (time.compareTo(MAX_GRACE) < 0) ? time.plus(PARENT_MARGIN) : MAX_GRACE;
	}

	private void welcome(Frame frame) {
		try {
			Hello received = Hello.from(frame);
			Handle ledger = frame.handle();
			if (ledger != null) {
				this.peer.channel().noteIn(StartLedger.open(ledger));
			}
			// the parent has just sent this, so no later process has its id yet
			this.parent = ProcessHandle.of(received.parentPid()).orElse(null);
			this.peer.channel().identify(PeerId.parent(received.parentPid()));
			configure(defaultConverter(received.limits()), Background.EXECUTOR, received);
			this.peer.control(Hello.answer(ProcessHandle.current().pid()));
			this.slot = received.slot();
			this.grace = received.drainTimeout();
			this.hello.complete(received);
		}
		catch (IOException | RuntimeException ex) {
			this.peer.control(ControlFrames.bye(String.valueOf(ex.getMessage()), true));
			this.hello.completeExceptionally(ex);
		}
	}

	@Override
	public void closed(ChannelClosedException cause) {
		this.watch.stop();
		boolean welcome = !this.hello.completeExceptionally(cause) && !this.hello.isCompletedExceptionally();
		try {
			this.peer.settle(StartLedger.UNKNOWN, 0,
					(mayHaveStarted) -> new ChannelClosedException(this.peer.id(),
							mayHaveStarted ? "the parent is gone; a listener may have seen the message"
									: "the parent is gone; no listener saw the message",
							cause));
		}
		finally {
			if (!this.saidGoodbye) {
				this.abandoned = true;
				this.exit.exit(welcome ? 0 : 1, ORPHAN_GRACE);
			}
			// last, since nothing else keeps this JVM alive
			this.closed.complete(null);
		}
	}

	@Override
	public void failed() {
		this.exit.haltAfter(1, ORPHAN_GRACE);
	}

	private static PayloadConverter defaultConverter(ChannelOptions limits) {
		return new PayloadConverter(DEFAULT_MAPPER, limits.maxFrameSize());
	}

}
