package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.Recipients;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A worker without a process: it gets ready, answers, dies and leaves when the test says
 * so.
 */
final class TestWorker implements PooledWorker {

	/** What it has got and not finished, in order. */
	final List<ScriptedExchange> inbox = new ArrayList<>();

	private final TestFleet fleet;

	private final BiConsumer<PooledWorker, WorkerState> states;

	private final long pid;

	private int slot;

	private boolean ready;

	private boolean ended;

	private @Nullable WorkerExit exit;

	private boolean open = true;

	private boolean writable = true;

	private CompletableFuture<Void> writableAgain = new CompletableFuture<>();

	/** Of listeners with a limit of their own. */
	final Map<String, Integer> concurrencies = new HashMap<>();

	/** What it prints before it dies. */
	List<String> printed = List.of();

	boolean answersPings = true;

	/** Whether a message cannot be taken back once it was sent. */
	boolean writesAtOnce = true;

	/** How many of those in its inbox its listeners have seen. */
	int startedOnes = Integer.MAX_VALUE;

	/** What happens, once, while somebody asks whether it reads. */
	@Nullable Runnable meanwhile;

	/** What happens instead of a send. */
	@Nullable RuntimeException refusal;

	int pings;

	int threadDumps;

	/** What happens while it is pinged. */
	Runnable onPing = () -> {
	};

	/** How often somebody wanted to know when it reads. */
	int watches;

	long received;

	long answered;

	Memory memory = new Memory(0, 0);

	@Nullable LossCause killed;

	/** How long it may take to leave, if it was told to. */
	@Nullable Duration draining;

	TestWorker(TestFleet fleet, int slot, long pid, BiConsumer<PooledWorker, WorkerState> states) {
		this.fleet = fleet;
		this.slot = slot;
		this.pid = pid;
		this.states = states;
	}

	TestWorker ready() {
		this.ready = true;
		this.states.accept(this, WorkerState.READY);
		this.fleet.run();
		return this;
	}

	boolean isReady() {
		return this.ready;
	}

	boolean isAlive() {
		return !this.ended;
	}

	boolean isOpen() {
		return this.open && this.draining == null;
	}

	int slot() {
		return this.slot;
	}

	/** Its process is ended by a signal. */
	void die(Signal signal) {
		end(new ProcessExit(this.pid, 128, signal, Duration.ZERO, this.printed, false, null), false);
	}

	/** It crashes. */
	void die() {
		die(Signal.SEGV);
	}

	/** Its channel ends, and nobody was told yet. */
	void closeUnnoticed() {
		this.open = false;
	}

	/** It says that it leaves by itself. */
	void announceLeaving() {
		this.open = false;
		this.states.accept(this, WorkerState.DRAINING);
		this.fleet.run();
	}

	/** It leaves in order, after it has given back what it has not started. */
	void leave() {
		if (this.open) {
			announceLeaving();
		}
		while (!this.inbox.isEmpty()) {
			this.inbox.remove(0).lost(false, new ChannelClosedException(id(), "it leaves", null));
			this.fleet.run();
		}
		end(new ProcessExit(this.pid, 0, null, Duration.ZERO, List.of(), false, null), this.ready);
	}

	private void end(ProcessExit exit, boolean voluntary) {
		this.open = false;
		WorkerStartException failure = this.ready ? null
				: new WorkerStartException(id(), "it ended before it was ready", null);
		LossCause cause = cause(exit);
		List<ScriptedExchange> lost = List.copyOf(this.inbox);
		this.inbox.clear();
		Recipients.tellAll(IntStream.range(0, lost.size()).boxed().toList(), (i) -> {
			boolean started = i < this.startedOnes;
			lost.get(i).lost(started, new WorkerLostException(id(), cause, exit, started, null));
		});
		this.exit = new WorkerExit(exit, voluntary ? null : cause, voluntary, failure, 0, 0);
		this.states.accept(this, WorkerState.EXITED);
		this.ended = true;
		this.fleet.run();
	}

	private LossCause cause(ProcessExit exit) {
		return (this.killed != null) ? this.killed : LossCause.of(exit, this.ready);
	}

	/** It gives back what it was asked for. */
	void handBack(ScriptedExchange exchange) {
		assertThat(exchange.isRecalled()).isTrue();
		this.inbox.remove(exchange);
		exchange.lost(false, new ChannelClosedException(id(), "it was asked for it", null));
		this.fleet.run();
	}

	/** Answer the first call, or take the first message. */
	ScriptedExchange answer() {
		return answer(0);
	}

	ScriptedExchange answer(int index) {
		ScriptedExchange exchange = this.inbox.remove(index);
		this.received++;
		if (exchange.exchange().isCall()) {
			exchange.answered();
		}
		else {
			exchange.delivered();
		}
		this.fleet.run();
		return exchange;
	}

	@Override
	public PeerId id() {
		return new PeerId("test", this.slot, this.pid);
	}

	@Override
	public @Nullable WorkerExit exit() {
		return this.exit;
	}

	@Override
	public void assign(int newSlot) {
		this.slot = newSlot;
	}

	@Override
	public void transmit(Exchange exchange) {
		if (!this.open || this.draining != null) {
			throw new ChannelClosedException(id(), "it is gone", null);
		}
		ScriptedExchange scripted = this.fleet.scripted(exchange);
		if (this.refusal != null) {
			throw this.refusal;
		}
		if (scripted.begin(id())) {
			if (this.writesAtOnce) {
				scripted.written();
			}
			this.inbox.add(scripted);
			this.fleet.sent.add(new TestFleet.Sent(this, scripted));
		}
	}

	@Override
	public boolean offer(Exchange exchange) {
		if (isWritable()) {
			transmit(exchange);
		}
		return isWritable();
	}

	@Override
	public CompletableFuture<Void> onWritable() {
		this.watches++;
		return this.writable ? CompletableFuture.completedFuture(null) : this.writableAgain;
	}

	/** It reads what it is sent, or does not. */
	void reads(boolean nowWritable) {
		this.writable = nowWritable;
		if (nowWritable) {
			this.writableAgain.complete(null);
			this.writableAgain = new CompletableFuture<>();
		}
		this.fleet.run();
	}

	@Override
	public int concurrencyOf(String destination) {
		return this.concurrencies.getOrDefault(destination, 0);
	}

	@Override
	public boolean isWritable() {
		Runnable event = this.meanwhile;
		this.meanwhile = null;
		if (event != null) {
			event.run();
		}
		return this.writable;
	}

	@Override
	public boolean isConnected() {
		return this.open;
	}

	@Override
	public void drain(Duration grace) {
		this.draining = grace;
		// whatever its listeners have is reported
		this.inbox.stream().limit(this.startedOnes).forEach(ScriptedExchange::started);
	}

	@Override
	public CompletableFuture<String> printThreads() {
		this.threadDumps++;
		return CompletableFuture.completedFuture("");
	}

	@Override
	public Peer.@Nullable StartedMessage runningMessage() {
		return null;
	}

	@Override
	public void kill(LossCause cause) {
		this.killed = (this.killed != null) ? this.killed : cause;
	}

	@Override
	public void ping(Duration timeout) {
		this.pings++;
		this.onPing.run();
		if (this.answersPings) {
			this.answered++;
			this.received++;
		}
	}

	@Override
	public long bytesReceived() {
		return this.received;
	}

	@Override
	public long answeredPings() {
		return this.answered;
	}

	@Override
	public Memory memory() {
		return this.memory;
	}

	@Override
	public String toString() {
		return id().toString();
	}

}
