package io.ipcboot;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.StartLedger;
import io.ipcboot.handle.Handle;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.messaging.PeerOptions;
import io.ipcboot.messaging.ExchangeOwner;
import io.ipcboot.process.ChannelEnvironment;
import io.ipcboot.process.HeapGauge;
import io.ipcboot.process.Heartbeat;
import io.ipcboot.process.Hello;
import io.ipcboot.process.Leave;
import io.ipcboot.process.PrivateDirectory;
import io.ipcboot.process.Readiness;
import io.ipcboot.process.Session;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.function.SingletonSupplier;

/**
 * The worker's end of the channel, from the handshake to the exit of this JVM: a worker
 * leaves when its channel ends, whatever its listeners are doing.
 */
final class ParentConnection implements PeerEvents {

	private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(30);

	/** Short, as nobody waits for this process any more. */
	private static final Duration ORPHAN_GRACE = Duration.ofMillis(800);

	/** Until, and unless, the application has one of its own. */
	private static final Supplier<JsonMapper> DEFAULT_MAPPER = SingletonSupplier.of(() -> JsonMapper.builder().build());

	/** For leaving without having been told how long that may take. */
	private static final Duration SHUTDOWN_GRACE = Duration.ofSeconds(20);

	/** The parent is the one who ends what takes too long; this is if it does not. */
	private static final Duration PARENT_MARGIN = Duration.ofSeconds(5);

	private static final Duration FAREWELL_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration CHECK_INTERVAL = Duration.ofMillis(5);

	private final CompletableFuture<Hello> hello = new CompletableFuture<>();

	private final CompletableFuture<Void> closed = new CompletableFuture<>();

	private final CompletableFuture<Void> departure = new CompletableFuture<>();

	private final CompletableFuture<Void> left = new CompletableFuture<>();

	private final AtomicBoolean leaving = new AtomicBoolean();

	private final ListenerRegistry listeners = new ListenerRegistry();

	private final JvmExit exit = new JvmExit();

	private final Peer peer;

	private final ParentWatch watch;

	private volatile boolean saidGoodbye;

	private volatile boolean abandoned;

	private volatile int slot = -1;

	private volatile Duration grace = SHUTDOWN_GRACE;

	/** Whether nothing else needs the parent. */
	private volatile BooleanSupplier finished = () -> true;

	private volatile PayloadConverter converter = defaultConverter(ChannelOptions.DEFAULT);

	private ParentConnection() throws IOException {
		// at the same time as the native library
		Background.EXECUTOR.execute(this.converter::prepare);
		long parentPid = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(-1L);
		this.peer = new Peer(PeerId.parent(parentPid), ChannelEnvironment.open(), ChannelOptions.DEFAULT,
				options(Duration.ofSeconds(30), 1, Background.EXECUTOR), this.converter, this.listeners, this);
		this.watch = new ParentWatch(this.peer.channel()::bytesRead);
		this.peer.channel().acceptHandles();
		this.peer.start();
	}

	static ParentConnection open() throws IOException {
		ParentConnection connection = new ParentConnection();
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

	Hello hello() {
		return this.hello.join();
	}

	/** The slot in the pool, which a spare gets later. */
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

	/** Completes when this process begins to leave. */
	CompletableFuture<Void> departure() {
		return this.departure;
	}

	Exchanges exchanges() {
		return new Exchanges(this.converter, hello().limits().maxFrameSize(), hello().callTimeout(), ExchangeOwner.NONE,
				this.peer);
	}

	void configure(JsonMapper mapper, Executor executor) {
		configure(new PayloadConverter(mapper, hello().limits().maxFrameSize()), executor, hello());
	}

	private void configure(PayloadConverter newConverter, Executor executor, Hello facts) {
		this.converter = newConverter;
		this.peer.configure(facts.limits(), options(facts.callTimeout(), facts.concurrency(), executor),
				this.converter);
	}

	/**
	 * Listeners are a reason for this JVM to live, although all of their threads are
	 * daemons.
	 */
	void ready() {
		this.converter.prepare();
		this.peer.openListeners();
		this.peer.control(Readiness.frame(this.listeners.concurrencies()));
		new Thread(() -> CompletableFuture.anyOf(this.left, this.closed).join(), "ipc-keep-alive").start();
	}

	private void leaveAtShutdown() {
		try {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(Map.of()), "ipc-leave"));
			Runtime.getRuntime().addShutdownHook(new Thread(this::cleanUp, "ipc-clean-up"));
		}
		catch (IllegalStateException ex) {
			// this JVM is shutting down already
		}
	}

	/**
	 * Do what otherwise the parent does when this JVM has ended. A parent that was killed
	 * has closed its end of the channel some time before the system calls it dead.
	 */
	private void cleanUp() {
		long parentPid = hello().parentPid();
		if (this.abandoned || !ProcessHandle.of(parentPid).map(ProcessHandle::isAlive).orElse(false)) {
			Session.killOthers();
			PrivateDirectory.removeOwn(parentPid);
		}
	}

	/**
	 * Stop taking messages, finish what was started, and say goodbye. If somebody else is
	 * at it already, wait until it is done.
	 */
	void leave(Map<String, String> farewell) {
		if (!this.leaving.compareAndSet(false, true)) {
			this.left.copy().completeOnTimeout(null, this.grace.toMillis(), TimeUnit.MILLISECONDS).join();
			return;
		}
		this.departure.complete(null);
		try {
			this.peer.control(Frame.control(FrameType.DRAIN, 0, Map.of()));
			CompletableFuture<Void> drained = this.peer.drain();
			await(this.grace, () -> drained.isDone() || this.peer.isExitingFromListener());
			await(this.grace.dividedBy(2), this.finished);
			await(FAREWELL_TIMEOUT, () -> this.peer.channel().backlog() == 0);
			sayGoodbye(farewell);
		}
		finally {
			this.exit.haltAfter(1, this.grace);
			this.left.complete(null);
			this.peer.close();
		}
	}

	private void sayGoodbye(Map<String, String> farewell) {
		if (this.peer.isConnected()) {
			this.saidGoodbye = true;
			this.peer.control(Frame.control(FrameType.BYE, 0, farewell));
			// by the parent, when it has read everything up to here
			await(FAREWELL_TIMEOUT, this.closed::isDone);
			parentExit().thenRun(() -> this.exit.haltAfter(1, ORPHAN_GRACE));
		}
	}

	/** The parent may have gone before this is asked. */
	private CompletableFuture<?> parentExit() {
		return ProcessHandle.of(hello().parentPid())
			.<CompletableFuture<?>>map(ProcessHandle::onExit)
			.orElseGet(() -> CompletableFuture.completedFuture(null));
	}

	private void await(Duration timeout, BooleanSupplier condition) {
		long deadline = System.nanoTime() + timeout.toNanos();
		while (!condition.getAsBoolean() && this.peer.isConnected() && System.nanoTime() < deadline) {
			LockSupport.parkNanos(this, CHECK_INTERVAL.toNanos());
			// ending in order takes precedence
			Thread.interrupted();
		}
	}

	@Override
	public void received(Frame frame) {
		switch (frame.type()) {
			case HELLO -> welcome(frame);
			case PING -> {
				this.peer.control(HeapGauge.pong());
				Heartbeat.timeoutOf(frame).ifPresent(this.watch::sign);
			}
			case ASSIGN -> this.slot = Integer.parseInt(frame.headers().getOrDefault(Hello.SLOT, "-1"));
			case DRAIN -> {
				this.grace = Leave.graceOf(frame).map((time) -> time.plus(PARENT_MARGIN)).orElse(SHUTDOWN_GRACE);
				Background.EXECUTOR.execute(() -> {
					leave(Map.of());
					this.exit.exit(0, this.grace);
				});
			}
			default -> {
			}
		}
	}

	private void welcome(Frame frame) {
		try {
			Hello received = Hello.from(frame);
			Handle ledger = frame.handle();
			if (ledger != null) {
				this.peer.channel().noteIn(StartLedger.open(ledger));
			}
			this.peer.channel().identify(PeerId.parent(received.parentPid()));
			configure(defaultConverter(received.limits()), Background.EXECUTOR, received);
			this.peer.control(Hello.answer(ProcessHandle.current().pid()));
			this.slot = received.slot();
			this.hello.complete(received);
		}
		catch (IOException | RuntimeException ex) {
			this.peer.control(Frame.control(FrameType.BYE, 0, Map.of("reason", String.valueOf(ex.getMessage()))));
			this.hello.completeExceptionally(ex);
		}
	}

	@Override
	public void closed(ChannelClosedException cause) {
		this.watch.stop();
		boolean welcome = !this.hello.completeExceptionally(cause) && !this.hello.isCompletedExceptionally();
		this.peer.settle(StartLedger.UNKNOWN, 0,
				(mayHaveStarted) -> new ChannelClosedException(this.peer.id(), mayHaveStarted
						? "gone; a listener may have seen the message" : "gone before a listener saw the message",
						cause));
		if (!this.saidGoodbye) {
			this.abandoned = true;
			this.exit.exit(welcome ? 0 : 1, ORPHAN_GRACE);
		}
		// last, as nothing else keeps this JVM alive
		this.closed.complete(null);
	}

	private static PeerOptions options(Duration callTimeout, int concurrency, Executor executor) {
		return new PeerOptions(callTimeout, concurrency, executor);
	}

	private static PayloadConverter defaultConverter(ChannelOptions limits) {
		return new PayloadConverter(DEFAULT_MAPPER, limits.maxFrameSize());
	}

}
