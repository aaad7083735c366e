package io.ipcboot.pool;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.ProtocolException;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.messaging.Route;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.Heartbeat;
import io.ipcboot.process.Hello;
import io.ipcboot.process.Leave;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Readiness;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One forked process with a channel, from its start to its exit. All transitions of its
 * state happen in one place, in order, and each is logged and observed once.
 */
public final class Worker implements Member, Route {

	private static final Log logger = LogFactory.getLog(Worker.class);

	/** How long the channel may stay open after the process has ended. */
	private static final Duration END_GRACE = Duration.ofSeconds(2);

	private final CompletableFuture<Void> ready = new CompletableFuture<>();

	private final CompletableFuture<ChannelClosedException> channelClosed = new CompletableFuture<>();

	private final CompletableFuture<ProcessExit> exited = new CompletableFuture<>();

	private final Lifecycle life;

	private final Ending ending = new Ending();

	private final Termination termination;

	private final ForkedProcess process;

	private final MemoryUse memoryUse;

	private final IntConsumer assigned;

	private final Peer peer;

	private final Ledger ledger;

	private volatile @Nullable ProcessExit exit;

	private volatile Map<String, Integer> concurrencies = Map.of();

	private volatile boolean leftInOrder;

	private volatile boolean toldToLeave;

	private volatile @Nullable LossCause lossCause;

	private Worker(WorkerSpec spec, WorkerObserver observer, ForkedProcess process, HandleSocket socket, Ledger ledger)
			throws IOException {
		this.life = new Lifecycle(this, observer);
		this.process = process;
		this.termination = new Termination(process, this::peer);
		this.ledger = ledger;
		this.memoryUse = new MemoryUse(process.pid());
		this.assigned = spec.assigned();
		PeerId id = new PeerId(spec.hello().pool(), spec.hello().slot(), process.pid());
		this.peer = new Peer(id, socket, spec.hello().limits(), spec.options(), spec.converter(), spec.listeners(),
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
		Ledger ledger = Ledger.create();
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
				// maybe nobody reads, and then nobody else notices the end
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
		// the first frame, before anybody else can send one
		this.peer.control(spec.hello().toFrame(this.ledger.handle()));
		this.life.begin();
		this.process.onExit().thenRun(this::awaitEnd);
		this.channelClosed.thenRun(() -> this.termination.channelEnded(this.ending.isGoodbye(), this.toldToLeave));
		this.process.onExit().thenAcceptBoth(this.channelClosed, this::finish);
		this.peer.start();
		this.peer.openListeners();
		if (!spec.readyTimeout().isZero()) {
			this.termination.killUnlessDone(this.ready, spec.readyTimeout(), "did not become ready",
					(reason) -> this.ending.because("it " + reason));
		}
	}

	/**
	 * Return who it is.
	 * @return pool, slot and process id
	 */
	@Override
	public PeerId id() {
		return this.peer.id();
	}

	@Override
	public void assign(int slot) {
		this.peer.channel().identify(new PeerId(id().pool(), slot, id().pid()));
		this.peer.controlElsewhere(Frame.control(FrameType.ASSIGN, 0, Map.of(Hello.SLOT, Integer.toString(slot))));
		this.assigned.accept(slot);
		this.life.assigned();
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
		// asked three times for each call, and few listeners have one
		return own.isEmpty() ? 0 : own.getOrDefault(destination, 0);
	}

	@Override
	public void ping(Duration timeout) {
		this.peer.controlElsewhere(Heartbeat.within(timeout));
	}

	@Override
	public long bytesReceived() {
		return this.peer.channel().bytesRead();
	}

	@Override
	public Memory memory() {
		return this.memoryUse.now();
	}

	@Override
	public void kill(LossCause cause) {
		this.ending.killed(cause);
		if (cause == LossCause.HEARTBEAT || cause == LossCause.DEADLINE) {
			this.termination.killAfterLastWords();
		}
		else {
			this.termination.kill();
		}
	}

	/**
	 * Whether it has left by itself, and has answered everything that it had started.
	 * @return {@code true} once it has ended like this
	 */
	public boolean hasLeftInOrder() {
		return this.leftInOrder;
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
		return this.life.state();
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
	 * @return completes when the process has ended, nothing is left of it, and all its
	 * messages have an outcome or have gone elsewhere
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
	 * Return why it has died.
	 * @return the cause, or {@code null} if it runs, or has left in order, or was told to
	 */
	public @Nullable LossCause lossCause() {
		return this.lossCause;
	}

	/**
	 * Let it finish what it has started and leave; end it if that takes too long.
	 * @param grace how long it may take
	 * @return completes when it has ended
	 */
	@Override
	public CompletableFuture<ProcessExit> drain(Duration grace) {
		this.toldToLeave = true;
		if (this.life.enter(WorkerState.DRAINING)) {
			this.peer.controlElsewhere(Leave.within(grace));
		}
		this.termination.killUnlessDone(this.exited, grace, "did not leave",
				(reason) -> this.ending.killed(LossCause.RECYCLED));
		return this.exited;
	}

	@Override
	public void transmit(Exchange exchange) {
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
			ProcessExit known = this.exit;
			throw (known != null) ? new ChannelClosedException(id(), "the process " + known.describe(), ex) : ex;
		}
	}

	@Override
	public boolean isConnected() {
		return state().compareTo(WorkerState.DRAINING) < 0 && this.peer.isConnected();
	}

	/**
	 * What the process has sent before its end is still being read. The end of the
	 * channel follows by itself, unless another process has inherited it.
	 */
	private void awaitEnd() {
		Future<?> alarm = Background.schedule(this.peer::close, END_GRACE);
		this.channelClosed.thenRun(() -> alarm.cancel(false));
	}

	private void finish(ProcessExit ended, ChannelClosedException cause) {
		this.ledger.close();
		this.exit = ended;
		ProtocolException violation = (cause instanceof ProtocolException protocol) ? protocol : null;
		this.leftInOrder = this.ending.wasReady() && this.ending.isGoodbye() && !this.peer.owesAnswers();
		this.ready.completeExceptionally(this.ending.startFailure(id(), ended, violation));
		LossCause why = this.ending.lossCause(ended, violation);
		boolean meant = this.leftInOrder || (this.toldToLeave && !this.ending.isKilled() && violation == null);
		this.lossCause = meant ? null : why;
		this.life.enter(WorkerState.EXITED);
		this.peer.settle(this.ledger.lastStarted(), this.leftInOrder ? 0 : this.ledger.running(),
				(mayHaveStarted) -> new WorkerLostException(id(), why, ended, mayHaveStarted, violation));
		this.process.onRemoved().thenRun(() -> this.exited.complete(ended));
	}

	private final class Events implements PeerEvents {

		@Override
		public void received(Frame frame) {
			switch (frame.type()) {
				case HELLO -> checkVersion(Hello.problemOf(frame));
				case READY -> {
					Worker.this.ending.becameReady();
					Worker.this.concurrencies = Readiness.read(frame);
					if (Worker.this.life.enter(WorkerState.READY)) {
						Worker.this.process.deleteClassPathFile();
						Worker.this.ready.complete(null);
					}
				}
				case DRAIN -> {
					if (Worker.this.life.enter(WorkerState.DRAINING)) {
						Worker.this.termination.leaves(Worker.this.exited);
					}
				}
				case BYE -> {
					Worker.this.ending.saidGoodbye(frame.headers().get("reason"));
					// this was its last frame, and it waits for us to have read it
					Worker.this.peer.close();
				}
				case PONG -> Worker.this.memoryUse.reported(frame);
				default -> {
				}
			}
		}

		private void checkVersion(@Nullable String problem) {
			if (problem != null) {
				Worker.this.ending.because(problem);
				Worker.this.termination.kill();
			}
		}

		@Override
		public void closed(ChannelClosedException cause) {
			if (cause instanceof ProtocolException) {
				logger.error(cause.getMessage());
				Worker.this.termination.kill();
			}
			Worker.this.channelClosed.complete(cause);
		}

	}

}
