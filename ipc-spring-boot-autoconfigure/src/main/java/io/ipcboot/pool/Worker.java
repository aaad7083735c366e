package io.ipcboot.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.MalformedFrameException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.ProtocolException;
import io.ipcboot.channel.Recipients;
import io.ipcboot.channel.StartLedger;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.CallChain;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.messaging.PeerStatistics;
import io.ipcboot.messaging.Route;
import io.ipcboot.process.ControlFrames;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.Hello;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessStatus;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One forked process with a channel, from its start to its exit. Only {@link #enter}
 * changes its state, which never goes back; each change is logged and observed once.
 */
public final class Worker implements PooledWorker, Route {

	private static final Log logger = LogFactory.getLog(Worker.class);

	private final long started = System.nanoTime();

	private final CompletableFuture<Void> ready = new CompletableFuture<>();

	private final CompletableFuture<ChannelClosedException> channelClosed = new CompletableFuture<>();

	private final CompletableFuture<ProcessExit> exited = new CompletableFuture<>();

	/**
	 * Held while the state changes and is observed, so that changes are observed in
	 * order.
	 */
	private final Object transition = new Object();

	/** Why this process kills the worker; the first cause counts. */
	private final AtomicReference<@Nullable LossCause> killed = new AtomicReference<>();

	private final WorkerObserver observer;

	private final ForkedProcess process;

	private final StartLedger ledger;

	private final ControlSequence sequence = new ControlSequence();

	private final IntConsumer assigned;

	private final int concurrency;

	private final Peer peer;

	private final Termination termination;

	private volatile WorkerState state = WorkerState.STARTING;

	private volatile Map<String, Integer> concurrencies = Map.of();

	/** How much of the worker's heap survived a collection, as the worker reports it. */
	private volatile long heapAfterCollection;

	/** Whether the worker said with it that no listener was running any more. */
	private volatile boolean finished;

	private volatile boolean toldToLeave;

	/** Why the worker ends, in words, if its start fails. */
	private volatile @Nullable String reason;

	private volatile @Nullable WorkerExit exit;

	private Worker(WorkerSpec spec, WorkerObserver observer, ForkedProcess process, HandleSocket socket,
			StartLedger ledger) throws IOException {
		this.observer = observer;
		this.process = process;
		this.ledger = ledger;
		this.assigned = spec.assigned();
		this.concurrency = spec.hello().concurrency();
		PeerId id = new PeerId(spec.hello().pool(), spec.hello().slot(), process.pid());
		this.peer = new Peer(id, socket, spec.hello().limits(), spec.options(), spec.converter(), spec.listeners(),
				new Events());
		this.termination = new Termination(process, this.peer, spec);
	}

	/**
	 * Fork a worker. Returns as soon as the process runs.
	 * @param spec what to start
	 * @param observer observes every transition of the worker
	 * @return the worker
	 * @throws WorkerStartException if the operating system refuses
	 */
	public static Worker start(WorkerSpec spec, WorkerObserver observer) {
		StartLedger ledger = StartLedger.create();
		ForkedProcess process = null;
		Worker worker = null;
		try {
			process = ForkedProcess.start(spec.process());
			worker = new Worker(spec, observer, process,
					Objects.requireNonNull(process.socket(), "A worker needs a channel"), ledger);
			worker.begin(spec);
			return worker;
		}
		catch (IOException | RuntimeException | Error ex) {
			ledger.close();
			if (process != null) {
				process.abandon();
			}
			if (worker != null) {
				// if the channel is not being read, nothing else notices the end
				worker.channelClosed.complete(new ChannelClosedException(worker.id(), "it could not be used", ex));
			}
			if (ex instanceof Error error) {
				throw error;
			}
			throw new WorkerStartException(new PeerId(spec.hello().pool(), spec.hello().slot(), -1),
					"the process could not be forked: " + ex.getMessage(), ex);
		}
	}

	private void begin(WorkerSpec spec) {
		if (spec.acceptHandles()) {
			this.peer.channel().acceptHandles();
		}
		// the first frame, before an observer can send one
		this.peer.control(spec.hello().toFrame(this.ledger.handle()));
		announce(WorkerState.STARTING);
		this.process.onExit().thenRun(() -> this.termination.processEnded(this.channelClosed));
		this.channelClosed.thenRun(() -> this.termination.channelEnded(this.sequence.hasReceived(FrameType.BYE),
				this.sequence.hasReceived(FrameType.READY), this.toldToLeave));
		this.process.onExit().thenAcceptBoth(this.channelClosed, this::finish);
		this.peer.start();
		this.peer.openListeners();
		if (!spec.readyTimeout().isZero()) {
			this.termination.killUnlessDone(this.ready, spec.readyTimeout(), "did not become ready",
					(problem) -> this.reason = "it " + problem);
		}
	}

	/**
	 * Enter the next state. A worker may skip states but never goes back.
	 * @return {@code false} if the worker is in that state already, or further
	 */
	private boolean enter(WorkerState next) {
		synchronized (this.transition) {
			if (next.compareTo(this.state) <= 0) {
				return false;
			}
			this.state = next;
			announce(next);
			return true;
		}
	}

	private void announce(WorkerState entered) {
		synchronized (this.transition) {
			try {
				long millis = Duration.ofNanos(System.nanoTime() - this.started).toMillis();
				logger.info(id() + " is " + entered + " after " + millis + " ms" + WorkerExit.clause(this.exit));
			}
			finally {
				tell((told) -> told.entered(this, entered), "became " + entered);
			}
		}
	}

	private void tell(Consumer<WorkerObserver> event, String what) {
		try {
			event.accept(this.observer);
		}
		catch (Throwable ex) {
			Recipients.log("An observer failed when " + id() + " " + what, ex);
		}
	}

	/**
	 * Return the identity of the worker: pool, slot and process id.
	 * @return the id, with the slot that the worker has now
	 */
	@Override
	public PeerId id() {
		return this.peer.id();
	}

	@Override
	public void assign(int slot) {
		this.peer.channel().identify(new PeerId(id().pool(), slot, id().pid()));
		this.peer.controlElsewhere(ControlFrames.assign(slot));
		this.assigned.accept(slot);
		tell((told) -> told.assigned(this), "got its slot");
	}

	@Override
	public boolean isWritable() {
		return this.peer.channel().isWritable();
	}

	@Override
	public CompletableFuture<Void> onWritable() {
		return this.peer.channel().onWritable();
	}

	@Override
	public int concurrencyOf(String destination) {
		Map<String, Integer> own = this.concurrencies;
		// called three times for each call, and few listeners have a limit
		return own.isEmpty() ? 0 : own.getOrDefault(destination, 0);
	}

	@Override
	public void ping(Duration timeout) {
		this.sequence.pinged();
		this.peer.controlElsewhere(ControlFrames.ping(timeout));
	}

	@Override
	public long bytesReceived() {
		return this.peer.channel().bytesRead();
	}

	@Override
	public long answeredPings() {
		return this.sequence.pongs();
	}

	@Override
	public Memory memory() {
		return new Memory(ProcessStatus.residentMemory(this.process.pid()), this.heapAfterCollection);
	}

	@Override
	public void kill(LossCause cause) {
		this.killed.compareAndSet(null, cause);
		if (cause == LossCause.HEARTBEAT || cause == LossCause.DEADLINE) {
			this.termination.killAfterLastWords();
		}
		else {
			this.termination.kill();
		}
	}

	/**
	 * Return the peer, which sends messages to the worker and receives its messages.
	 * @return the peer
	 */
	public Peer peer() {
		return this.peer;
	}

	/**
	 * Return the process of the worker.
	 * @return the process
	 */
	public ForkedProcess process() {
		return this.process;
	}

	/**
	 * Return the state of the worker.
	 * @return the state
	 */
	public WorkerState state() {
		return this.state;
	}

	/**
	 * Return a future for the moment when the worker takes messages.
	 * @return completes when the worker is ready, fails with a
	 * {@link WorkerStartException} if it never becomes ready
	 */
	public CompletableFuture<Void> onReady() {
		return this.ready;
	}

	/**
	 * Return a future for the end of the worker.
	 * @return completes with the exit when the process has ended, nothing is left of it,
	 * and all its messages have an outcome or went to other workers
	 */
	public CompletableFuture<ProcessExit> onExit() {
		return this.exited;
	}

	/**
	 * Return how and why the worker ended.
	 * @return the exit, or {@code null} unless the state is EXITED
	 */
	@Override
	public @Nullable WorkerExit exit() {
		return this.exit;
	}

	/**
	 * Let the worker finish what it started and leave; kill it if that takes too long.
	 * @param grace how long that may take
	 */
	@Override
	public void drain(Duration grace) {
		this.toldToLeave = true;
		if (enter(WorkerState.DRAINING)) {
			this.peer.controlElsewhere(ControlFrames.drain(grace));
		}
		this.termination.told(grace, (problem) -> this.killed.compareAndSet(null, LossCause.RECYCLED));
	}

	/**
	 * Send the worker its kill signal. The worker is killed if it does not begin to leave
	 * within the kill grace, or does not leave within the drain timeout.
	 * @return whether the signal was delivered; {@code false} if the process has ended
	 */
	public boolean terminate() {
		return this.termination.terminate();
	}

	@Override
	public CompletableFuture<String> printThreads() {
		return this.termination.printThreads();
	}

	@Override
	public Peer.@Nullable StartedMessage runningMessage() {
		return this.peer.lastStarted(this.ledger.runningNow());
	}

	@Override
	public void transmit(Exchange exchange) {
		CallChain chain = exchange.chain();
		if (chain != null && chain.blocks(id(), exchange.destination(), this::concurrencyOf, this.concurrency)) {
			throw CallDeadlockException.at(id(), chain.describe(id()));
		}
		whileOpen(() -> {
			this.peer.transmit(exchange);
			return true;
		});
	}

	@Override
	public boolean offer(Exchange exchange) {
		return whileOpen(() -> this.peer.offer(exchange));
	}

	@Override
	public void requireOpen() {
		whileOpen(() -> {
			this.peer.requireOpen();
			return true;
		});
	}

	private boolean whileOpen(BooleanSupplier action) {
		if (state() == WorkerState.DRAINING) {
			throw new ChannelClosedException(id(), "the process is leaving", null);
		}
		try {
			return action.getAsBoolean();
		}
		catch (ChannelClosedException ex) {
			ProcessExit ended = this.process.onExit().getNow(null);
			throw (ended != null) ? new ChannelClosedException(id(), "the process " + ended.describe(), ex) : ex;
		}
	}

	@Override
	public boolean isConnected() {
		return state().compareTo(WorkerState.DRAINING) < 0 && this.peer.isConnected();
	}

	/**
	 * Tell everybody of the end, whatever one of them throws. Messages come first: those
	 * that go to another worker must wait there before it gets newer ones.
	 */
	private void finish(ProcessExit ended, ChannelClosedException closed) {
		ProtocolException violation = (closed instanceof ProtocolException protocol) ? protocol : null;
		LossCause known = (violation != null) ? LossCause.PROTOCOL : this.killed.get();
		LossCause cause = (known != null) ? known : LossCause.of(ended, this.sequence.hasReceived(FrameType.READY));
		boolean orderly = false;
		try {
			orderly = this.sequence.hasReceived(FrameType.READY) && this.sequence.hasReceived(FrameType.BYE)
					&& this.finished && !this.peer.owesAnswers();
			this.ledger.close();
			this.peer.settle(this.ledger.lastStarted(), orderly ? 0 : this.ledger.running(),
					WorkerLostException.forAll(id(), cause, ended, violation));
		}
		catch (Throwable ex) {
			Recipients.log(id() + " has ended, and its messages could not be settled", ex);
		}
		finally {
			boolean meant = orderly || (this.toldToLeave && known == null);
			announceEnd(ended, meant ? null : cause, orderly, violation);
		}
	}

	private void announceEnd(ProcessExit ended, @Nullable LossCause cause, boolean orderly,
			@Nullable ProtocolException violation) {
		try {
			WorkerStartException failure = this.ready.isDone() ? null : startFailure(ended, violation);
			PeerStatistics statistics = this.peer.statistics();
			this.exit = new WorkerExit(ended, cause, orderly, failure, statistics.lostMessages(),
					statistics.requeuedMessages());
			if (failure != null) {
				this.ready.completeExceptionally(failure);
			}
			enter(WorkerState.EXITED);
		}
		finally {
			this.process.onRemoved().thenRun(() -> this.exited.complete(ended));
		}
	}

	private WorkerStartException startFailure(ProcessExit ended, @Nullable ProtocolException violation) {
		String known = this.reason;
		String why = (known != null) ? known
				: (violation != null) ? "it sent an invalid frame" : "it ended before it was ready";
		return new WorkerStartException(id(), why + "; the process " + ended.describeWithOutput(), violation);
	}

	private final class Events implements PeerEvents {

		@Override
		public void received(Frame frame) throws MalformedFrameException {
			Worker.this.sequence.check(frame.type());
			switch (frame.type()) {
				case HELLO -> {
					if (explained(Hello.problemOf(frame))) {
						Worker.this.termination.kill();
					}
				}
				case READY -> {
					Worker.this.concurrencies = ControlFrames.concurrenciesOf(frame);
					if (enter(WorkerState.READY)) {
						Worker.this.process.deleteArgumentFile();
						Worker.this.ready.complete(null);
					}
				}
				case DRAIN -> {
					Worker.this.termination.departs();
					if (enter(WorkerState.DRAINING)) {
						Worker.this.termination.leaves(Worker.this.process.onExit());
					}
				}
				case BYE -> {
					Worker.this.termination.departs();
					Worker.this.finished = ControlFrames.isFinished(frame);
					explained(ControlFrames.reasonOf(frame));
					// that was the last frame, and the worker waits until it is read
					Worker.this.peer.close();
				}
				case PONG -> Worker.this.heapAfterCollection = ControlFrames.heapAfterCollectionOf(frame);
				default -> {
				}
			}
		}

		private boolean explained(@Nullable String why) {
			if (why != null) {
				Worker.this.reason = why;
			}
			return why != null;
		}

		@Override
		public void closed(ChannelClosedException cause) {
			if (cause instanceof ProtocolException) {
				logger.error(cause.getMessage());
				Worker.this.termination.kill();
			}
			Worker.this.channelClosed.complete(cause);
		}

		@Override
		public void failed() {
			Worker.this.termination.kill();
		}

	}

}
