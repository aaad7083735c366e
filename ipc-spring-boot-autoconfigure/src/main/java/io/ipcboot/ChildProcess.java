package io.ipcboot;

import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.PeerStatistics;
import io.ipcboot.pool.Worker;
import io.ipcboot.process.ForkedProcess;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.jspecify.annotations.Nullable;

/**
 * A process that this application has forked. Safe for use by several threads. Closing it
 * ends the process.
 */
public final class ChildProcess implements MessageOperations, AutoCloseable {

	private static final Duration CLOSE_GRACE = Duration.ofSeconds(10);

	private final ForkedProcess process;

	private final Signal killSignal;

	private final @Nullable Channel channel;

	ChildProcess(ForkedProcess process, Signal killSignal, @Nullable Channel channel) {
		this.process = process;
		this.killSignal = killSignal;
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
	 * Return who it is.
	 * @return pool and slot, if it belongs to a pool, and process id
	 */
	public PeerId id() {
		return (this.channel != null) ? this.channel.worker.id() : PeerId.process(pid());
	}

	/**
	 * Whether messages can be sent.
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
	 * Whether the process runs.
	 * @return {@code false} once it has ended
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Return when it is ready.
	 * @return completes when its application takes messages; fails with a
	 * {@link io.ipcboot.pool.WorkerStartException} if it ends before. Without a channel
	 * it is ready from the start. Code that is attached may call the process, and wait
	 */
	public CompletableFuture<ChildProcess> onReady() {
		CompletableFuture<Void> ready = (this.channel != null) ? this.channel.worker.onReady()
				: CompletableFuture.completedFuture(null);
		// what is attached must not run on the thread that reads what the process sends,
		// nor on the one that tells everybody that it has ended
		return (ready.isDone() && !ready.isCompletedExceptionally()) ? CompletableFuture.completedFuture(this)
				: ready.whenCompleteAsync((nothing, ex) -> {
				}, Background.EXECUTOR).thenApply((nothing) -> this);
	}

	/**
	 * Return how it ends.
	 * @return completes when it has ended, with exit code or signal and the last lines
	 * that it printed
	 */
	public CompletableFuture<ProcessExit> onExit() {
		return ((this.channel != null) ? this.channel.worker.onExit() : onRemoved()).copy();
	}

	@Override
	public MessageSpec destination(String destination) {
		return new MessageSpec(channel().exchanges, destination);
	}

	/**
	 * Return what was counted of the messages between this application and the process.
	 * @return live counters
	 */
	public PeerStatistics statistics() {
		return channel().worker.peer().statistics();
	}

	/**
	 * Listen to one-way messages and events of this process.
	 * @param destination the destination
	 * @param type the type of the payload, or a type of socket, channel or stream for the
	 * handle
	 * @param listener gets the payload or handle; a handle is then its own
	 * @param <T> the type of the payload
	 * @return this process
	 */
	public <T extends @Nullable Object> ChildProcess listen(String destination, Class<T> type, Consumer<T> listener) {
		return answer(destination, type, (payload) -> {
			listener.accept(payload);
			return null;
		});
	}

	/**
	 * Answer calls of this process.
	 * @param destination the destination
	 * @param type the type of the payload, or of the handle
	 * @param listener returns the reply
	 * @param <T> the type of the payload
	 * @return this process
	 */
	public <T extends @Nullable Object> ChildProcess answer(String destination, Class<T> type,
			Function<T, @Nullable Object> listener) {
		channel().listeners.add(destination, new CallbackListener<>(destination, type, listener));
		return this;
	}

	/**
	 * Listen with all methods of an object that are annotated {@link IpcListener}.
	 * @param handlers the object
	 * @return this process
	 */
	public ChildProcess listen(Object handlers) {
		Channel open = channel();
		open.methods.register(handlers, open.listeners);
		return this;
	}

	/**
	 * Listen to messages that were sent without a destination.
	 * @param type the type of the payload
	 * @param listener gets the payload
	 * @param <T> the type of the payload
	 * @return this process
	 */
	public <T extends @Nullable Object> ChildProcess onMessage(Class<T> type, Consumer<T> listener) {
		return listen(OutgoingMessage.DEFAULT_DESTINATION, type, listener);
	}

	/**
	 * Ask it to finish what it has started and leave. It is killed if that takes more
	 * than 10 seconds.
	 * @return completes when it has ended
	 */
	public CompletableFuture<ProcessExit> disconnect() {
		return channel().worker.drain(CLOSE_GRACE).copy();
	}

	/**
	 * Send it the kill signal of its {@link ForkOptions}, SIGTERM by default.
	 * @return whether the signal was delivered
	 */
	public boolean kill() {
		return this.process.kill(this.killSignal);
	}

	/**
	 * Send it a signal.
	 * @param signal the name of the signal, such as {@code SIGKILL}
	 * @return whether the signal was delivered; {@code false} if the process has ended
	 * @throws IllegalArgumentException if there is no such signal
	 */
	public boolean kill(String signal) {
		return this.process.kill(Signal.of(signal));
	}

	/**
	 * Return what the process reads from its standard input, if it has no channel.
	 * @return a stream, owned by the caller
	 */
	public OutputStream standardInput() {
		return this.process.standardInput();
	}

	/**
	 * Return the last lines that it has printed.
	 * @return at most 50 lines
	 */
	public List<String> lastLines() {
		return this.process.lastLines();
	}

	/**
	 * End the process and wait until it has ended: with a channel it may finish what it
	 * has started, without one it gets the kill signal. It is killed if that takes more
	 * than 10 seconds.
	 */
	@Override
	public void close() {
		end(CLOSE_GRACE).join();
	}

	CompletableFuture<ProcessExit> end(Duration grace) {
		if (this.channel != null) {
			return this.channel.worker.drain(grace);
		}
		kill();
		Future<?> alarm = Background.schedule(() -> this.process.kill(Signal.KILL), grace);
		return onRemoved().whenComplete((exit, ex) -> alarm.cancel(false));
	}

	/** Not before the processes that it has started are gone too. */
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
	 * What a process with a channel has in addition.
	 */
	record Channel(Worker worker, Exchanges exchanges, ListenerRegistry listeners, ListenerMethods methods) {

	}

}
