package io.ipcboot;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PeerStatistics;
import io.ipcboot.pool.Worker;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.jspecify.annotations.Nullable;

/**
 * A process that this application forked. Safe for use by several threads. Closing this
 * object ends the process. Listeners that are added here are for the messages of this
 * process only; {@link PoolOperations} adds them for all workers of a pool.
 */
public final class ChildProcess implements MessageOperations, ListenerOperations<ChildProcess>, AutoCloseable {

	private final ForkedProcess process;

	private final Signal killSignal;

	private final Duration drainTimeout;

	private final @Nullable Channel channel;

	ChildProcess(ForkedProcess process, ForkOptions options, @Nullable Channel channel) {
		this.process = process;
		this.killSignal = options.killSignal;
		this.drainTimeout = options.drainTimeout;
		this.channel = channel;
		if (channel != null) {
			channel.worker.peer().presentAs(this);
		}
	}

	/**
	 * Return the process id.
	 * @return the pid
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return the identity of the process.
	 * @return pool and slot, if the process belongs to a pool, and process id
	 */
	public PeerId id() {
		return (this.channel != null) ? this.channel.worker.id() : PeerId.process(pid());
	}

	/**
	 * Return whether messages can be sent.
	 * @return {@code false} if there is no channel, either side has closed it, or the
	 * process is leaving
	 */
	public boolean isConnected() {
		return this.channel != null && this.channel.worker.isConnected();
	}

	@Override
	public boolean isWritable() {
		return this.channel != null && isConnected() && this.channel.worker.peer().channel().isWritable();
	}

	/**
	 * Return whether the process runs.
	 * @return {@code false} once it has ended
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return a future for the readiness of the process.
	 * @return completes when its application takes messages; fails with a
	 * {@link io.ipcboot.pool.WorkerStartException} if the process ends before. A process
	 * without a channel is ready from the start. Attached code may call the process, and
	 * wait
	 */
	public CompletableFuture<ChildProcess> onReady() {
		CompletableFuture<Void> ready = (this.channel != null) ? this.channel.worker.onReady()
				: CompletableFuture.completedFuture(null);
		// attached code must not run on the thread that reads from the process, nor on
		// the thread that reports its end
		return (ready.isDone() && !ready.isCompletedExceptionally()) ? CompletableFuture.completedFuture(this)
				: ready.whenCompleteAsync((nothing, ex) -> {
				}, Background.EXECUTOR).thenApply((nothing) -> this);
	}

	/**
	 * Return a future for the exit of the process.
	 * @return completes when the process has ended, with exit code or signal and the last
	 * lines that it printed. Attached code may wait
	 */
	public CompletableFuture<ProcessExit> onExit() {
		CompletableFuture<ProcessExit> exit = (this.channel != null) ? this.channel.worker.onExit() : onRemoved();
		// attached code must not hold up others that wait for the exit
		return exit.isDone() ? exit.copy() : exit.whenCompleteAsync((ended, ex) -> {
		}, Background.EXECUTOR);
	}

	@Override
	public MessageSpec destination(String destination) {
		return new MessageSpec(channel().sender, destination);
	}

	/**
	 * Return the counters of the messages between this application and the process.
	 * @return live counters
	 */
	public PeerStatistics statistics() {
		return channel().worker.peer().statistics();
	}

	@Override
	public <T extends @Nullable Object> ChildProcess answer(String destination, Class<T> type,
			Function<T, @Nullable Object> listener) {
		channel().listeners().add(destination, new CallbackListener<>(destination, type, listener));
		return this;
	}

	@Override
	public ChildProcess listen(Object handlers) {
		Channel open = channel();
		open.methods.register(handlers, open.listeners());
		return this;
	}

	/**
	 * Ask the process to finish what it started and leave. The process is killed if that
	 * takes longer than the {@linkplain ForkOptions#drainTimeout(Duration) drain
	 * timeout}, or that of its pool, 20 seconds by default. A process that is silent
	 * although it owes no answer is killed after 5 seconds, or after its kill grace if
	 * that is longer.
	 * @return completes when the process has ended
	 */
	public CompletableFuture<ProcessExit> disconnect() {
		Worker worker = channel().worker;
		worker.drain(this.drainTimeout);
		return worker.onExit().copy();
	}

	/**
	 * Send the process the kill signal of its {@link ForkOptions}, SIGTERM by default. On
	 * SIGTERM, a worker stops taking messages, finishes what its listeners have started
	 * and shuts down. A process with a channel is killed if it does not begin to leave
	 * within its {@linkplain ForkOptions#killGrace(Duration) kill grace}, 5 seconds by
	 * default, and any process if it has not ended within its
	 * {@linkplain ForkOptions#drainTimeout(Duration) drain timeout}, 20 seconds by
	 * default. In a pool, the times are those of the pool. {@code kill("SIGKILL")} ends
	 * any process at once.
	 * @return whether the signal was delivered
	 */
	public boolean kill() {
		return (this.channel != null) ? this.channel.worker.terminate()
				: this.process.terminate(this.killSignal, this.drainTimeout);
	}

	/**
	 * Send the process a signal, and do nothing else.
	 * @param signal the name of the signal, such as {@code SIGKILL}
	 * @return whether the signal was delivered; {@code false} if the process has ended
	 * @throws IllegalArgumentException if there is no such signal
	 */
	public boolean kill(String signal) {
		return this.process.kill(Signal.of(signal));
	}

	/**
	 * Return the stream that the process reads as its standard input, if it has no
	 * channel.
	 * @return a stream, owned by the caller
	 */
	public OutputStream standardInput() {
		return this.process.standardInput();
	}

	/**
	 * Return the last lines that the process printed.
	 * @return at most 50 lines
	 */
	public List<String> lastLines() {
		return this.process.lastLines();
	}

	/**
	 * End the process and wait until it has ended: with a channel it may finish what it
	 * started, without one it gets the kill signal. It is killed if that takes longer
	 * than its {@linkplain ForkOptions#drainTimeout(Duration) drain timeout}, 20 seconds
	 * by default.
	 */
	@Override
	public void close() {
		end(this.drainTimeout).join();
	}

	Duration drainTimeout() {
		return this.drainTimeout;
	}

	CompletableFuture<ProcessExit> end(Duration grace) {
		if (this.channel != null) {
			this.channel.worker.drain(grace);
			return this.channel.worker.onExit();
		}
		this.process.terminate(this.killSignal, grace);
		return onRemoved();
	}

	/**
	 * Return a future that completes when the processes that the process started are gone
	 * too.
	 */
	private CompletableFuture<ProcessExit> onRemoved() {
		return this.process.onRemoved().thenCompose((nothing) -> this.process.onExit());
	}

	private Channel channel() {
		if (this.channel == null) {
			throw new IllegalStateException(id() + " was forked without a channel");
		}
		return this.channel;
	}

	@Override
	public String toString() {
		return id().toString();
	}

	/**
	 * The parts that only a process with a channel has.
	 */
	record Channel(Worker worker, Supplier<ExchangeSender> sender, ListenerMethods methods) {

		ListenerRegistry listeners() {
			return this.worker.peer().listeners();
		}

	}

}
