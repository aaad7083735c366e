package io.ipcboot.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.ProtocolException;
import io.ipcboot.channel.StartLedger;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One forked process with a channel, from its start to its exit. All transitions of its
 * state happen in one place, in order, and each is logged and observed once.
 */
public final class Worker {

	private static final Log logger = LogFactory.getLog(Worker.class);

	/** How long a process may live on after its end of the channel was closed. */
	private static final Duration EXIT_GRACE = Duration.ofSeconds(2);

	private final CompletableFuture<Void> ready = new CompletableFuture<>();

	private final CompletableFuture<ChannelClosedException> channelClosed = new CompletableFuture<>();

	private final CompletableFuture<ProcessExit> exited = new CompletableFuture<>();

	private final long started = System.nanoTime();

	private final WorkerObserver observer;

	private final ForkedProcess process;

	private final PeerId id;

	private final Peer peer;

	private final @Nullable StartLedger ledger;

	private volatile WorkerState state = WorkerState.STARTING;

	private volatile @Nullable String farewell;

	private volatile @Nullable ProcessExit exit;

	private Worker(WorkerSpec spec, WorkerObserver observer, ForkedProcess process, HandleSocket socket,
			@Nullable StartLedger ledger) throws IOException {
		this.observer = observer;
		this.process = process;
		this.ledger = ledger;
		this.id = new PeerId(spec.hello().pool(), spec.hello().slot(), process.pid());
		this.peer = new Peer(this.id, socket, spec.hello().limits(), spec.options(), spec.converter(), spec.listeners(),
				new Events());
	}

	/**
	 * Fork a worker. Returns as soon as the process runs.
	 * @param spec what to start
	 * @param observer told about its life
	 * @return the worker
	 * @throws WorkerStartException if the operating system refuses
	 */
	public static Worker start(WorkerSpec spec, WorkerObserver observer) {
		StartLedger ledger = createLedger();
		ForkedProcess process = null;
		try {
			process = ForkedProcess.start(spec.process());
			HandleSocket socket = process.socket();
			if (socket == null) {
				throw new IllegalArgumentException("A worker needs a channel");
			}
			Worker worker = new Worker(spec, observer, process, socket, ledger);
			worker.begin(spec);
			return worker;
		}
		catch (IOException ex) {
			if (process != null) {
				process.kill(Signal.KILL);
			}
			closeLedger(ledger);
			throw new WorkerStartException(new PeerId(spec.hello().pool(), spec.hello().slot(), -1),
					"the process could not be forked: " + ex.getMessage(), ex);
		}
	}

	private void begin(WorkerSpec spec) throws IOException {
		announce(WorkerState.STARTING);
		if (spec.acceptHandles()) {
			this.peer.channel().acceptHandles();
		}
		this.process.onExit().thenRun(this.peer::close);
		this.channelClosed.thenAccept((cause) -> awaitExit());
		this.process.onExit().thenAcceptBoth(this.channelClosed, this::finish);
		this.peer.start();
		this.peer.openListeners();
		this.peer.control(spec.hello().toFrame((this.ledger != null) ? this.ledger.handle() : null));
		if (!spec.readyTimeout().isZero()) {
			Future<?> alarm = Background.schedule(() -> startTimedOut(spec.readyTimeout()), spec.readyTimeout());
			this.ready.whenComplete((nothing, ex) -> alarm.cancel(false));
		}
	}

	/**
	 * Return who it is.
	 * @return pool, slot and process id
	 */
	public PeerId id() {
		return this.id;
	}

	/**
	 * Return the way to send it messages.
	 * @return the peer
	 */
	public Peer peer() {
		return this.peer;
	}

	/**
	 * Return the process.
	 * @return the process
	 */
	public ForkedProcess process() {
		return this.process;
	}

	/**
	 * Return where it is in its life.
	 * @return the state
	 */
	public WorkerState state() {
		return this.state;
	}

	/**
	 * Return when it takes messages.
	 * @return completes when it is ready, fails with a {@link WorkerStartException} if it
	 * never becomes ready
	 */
	public CompletableFuture<Void> onReady() {
		return this.ready;
	}

	/**
	 * Return how it ends.
	 * @return completes when the process has ended and all its messages have an outcome
	 * or have gone elsewhere
	 */
	public CompletableFuture<ProcessExit> onExit() {
		return this.exited;
	}

	/**
	 * Return how it ended.
	 * @return the exit, or {@code null} unless the state is EXITED
	 */
	public @Nullable ProcessExit exit() {
		return this.exit;
	}

	/**
	 * Let it finish what it has started and leave; end it if that takes too long.
	 * @param grace how long it may take
	 * @return completes when it has ended
	 */
	public CompletableFuture<ProcessExit> drain(Duration grace) {
		if (enter(WorkerState.DRAINING)) {
			this.peer.control(Frame.control(FrameType.DRAIN, 0, Map.of()));
			Future<?> alarm = Background.schedule(() -> {
				logger.warn(this.id + " did not leave within " + grace.toMillis() + " ms and is killed");
				kill(Signal.KILL);
			}, grace);
			this.exited.whenComplete((exit, ex) -> alarm.cancel(false));
		}
		return this.exited;
	}

	/**
	 * Send its process a signal.
	 * @param signal the signal
	 * @return whether it was delivered
	 */
	public boolean kill(Signal signal) {
		return this.process.kill(signal);
	}

	private boolean enter(WorkerState next) {
		synchronized (this) {
			if (next.compareTo(this.state) <= 0) {
				return false;
			}
			this.state = next;
		}
		announce(next);
		return true;
	}

	private void announce(WorkerState entered) {
		if (logger.isInfoEnabled()) {
			long millis = Duration.ofNanos(System.nanoTime() - this.started).toMillis();
			logger.info(this.id + " is " + entered + " after " + millis + " ms");
		}
		this.observer.entered(this, entered);
	}

	private void startTimedOut(Duration readyTimeout) {
		this.farewell = "it did not become ready within %,d ms".formatted(readyTimeout.toMillis());
		kill(Signal.KILL);
	}

	private void awaitExit() {
		Future<?> alarm = Background.schedule(() -> kill(Signal.KILL), EXIT_GRACE);
		this.process.onExit().whenComplete((exit, ex) -> alarm.cancel(false));
	}

	private void finish(ProcessExit exit, ChannelClosedException cause) {
		long lastStarted = (this.ledger != null) ? this.ledger.lastStarted() : Long.MAX_VALUE;
		closeLedger(this.ledger);
		this.exit = exit;
		enter(WorkerState.EXITED);
		this.ready.completeExceptionally(startFailure(exit));
		Throwable reason = (cause instanceof ProtocolException) ? cause : null;
		this.peer.settle(lastStarted,
				(mayHaveStarted) -> new WorkerLostException(this.id, exit, mayHaveStarted, reason));
		this.exited.complete(exit);
	}

	private WorkerStartException startFailure(ProcessExit exit) {
		String reason = (this.farewell != null) ? this.farewell : "it ended before it was ready";
		return new WorkerStartException(this.id, reason + "; the process " + exit.describeWithOutput(), null);
	}

	private static @Nullable StartLedger createLedger() {
		try {
			return StartLedger.create();
		}
		catch (IOException ex) {
			logger.warn("There is no space to note what a worker has started, so its calls are not sent to another "
					+ "one when it dies", ex);
			return null;
		}
	}

	private static void closeLedger(@Nullable StartLedger ledger) {
		try {
			if (ledger != null) {
				ledger.close();
			}
		}
		catch (IOException ex) {
			// the file has no name and nobody else uses it
		}
	}

	private final class Events implements PeerEvents {

		@Override
		public void received(Frame frame) {
			switch (frame.type()) {
				case READY -> {
					if (enter(WorkerState.READY)) {
						Worker.this.ready.complete(null);
					}
				}
				case DRAIN -> enter(WorkerState.DRAINING);
				case BYE -> Worker.this.farewell = frame.headers().get("reason");
				default -> {
				}
			}
		}

		@Override
		public void closed(ChannelClosedException cause) {
			if (cause instanceof ProtocolException) {
				logger.error(cause.getMessage());
				kill(Signal.KILL);
			}
			Worker.this.channelClosed.complete(cause);
		}

	}

}
