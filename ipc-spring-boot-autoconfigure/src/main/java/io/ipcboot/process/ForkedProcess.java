package io.ipcboot.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.ipcboot.channel.Background;
import io.ipcboot.handle.Descriptors;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * A process that this one started.
 */
public final class ForkedProcess {

	/**
	 * Finds out whether processes ran out of memory; shared by all processes, and created
	 * before the first one.
	 */
	private static final OutOfMemory OUT_OF_MEMORY = OutOfMemory.ofOwnGroup();

	private final CompletableFuture<ProcessExit> exit = new CompletableFuture<>();

	private final CompletableFuture<Void> removed = new CompletableFuture<>();

	private final long started = System.nanoTime();

	private final OutputPump pump;

	private final Process process;

	/** Tells the process from a later one with the same process id. */
	private final @Nullable String startTime;

	private final @Nullable HandleSocket socket;

	private final LaunchFiles files;

	private final @Nullable Isolation isolation;

	private final ThreadDump threadDump;

	private ForkedProcess(ProcessSpec spec, Process process, @Nullable HandleSocket socket, LaunchFiles files) {
		this.process = process;
		this.startTime = ProcessStatus.startTime(process.pid());
		this.threadDump = new ThreadDump(spec.java());
		this.pump = new OutputPump(spec.output(), this.threadDump);
		this.socket = socket;
		this.files = files;
		this.isolation = spec.isolation();
	}

	/**
	 * Start a process.
	 * @param spec what to start
	 * @return the running process
	 * @throws IOException if the operating system refuses; the message contains the name
	 * of the program
	 */
	public static ForkedProcess start(ProcessSpec spec) throws IOException {
		if (spec.directory() != null && !Files.isDirectory(spec.directory())) {
			throw new IOException("The working directory " + spec.directory() + " does not exist");
		}
		LaunchFiles files = LaunchFiles.create(spec);
		try {
			return start(spec, files);
		}
		catch (IOException | RuntimeException | Error ex) {
			files.close();
			throw ex;
		}
	}

	private static ForkedProcess start(ProcessSpec spec, LaunchFiles files) throws IOException {
		ProcessBuilder builder = builder(spec, files);
		StandardStreams streams = StandardStreams.open(spec);
		Process process = null;
		try {
			streams.redirect(builder);
			process = builder.start();
			streams.releaseProcessEnds();
			if (spec.isolation() != null) {
				spec.isolation().applyTo(process.pid());
			}
			ForkedProcess forked = new ForkedProcess(spec, process, streams.socket(), files);
			forked.watch(spec, streams);
			return forked;
		}
		catch (IOException | RuntimeException | Error ex) {
			if (process != null) {
				process.destroyForcibly();
			}
			streams.close();
			throw ex;
		}
	}

	private static ProcessBuilder builder(ProcessSpec spec, LaunchFiles files) {
		List<String> command = new ArrayList<>(spec.command());
		command.addAll(1, files.arguments());
		if (spec.isolation() != null) {
			command.addAll(0, spec.isolation().prefix());
		}
		ProcessBuilder builder = new ProcessBuilder(command);
		spec.environment().applyTo(builder.environment());
		builder.directory((spec.directory() != null) ? spec.directory().toFile() : WorkingDirectory.substitute());
		return builder;
	}

	private void watch(ProcessSpec spec, StandardStreams streams) {
		if (streams.output() != null && streams.error() != null) {
			this.pump.drainOutput(streams.output(), pid());
			this.pump.drainError(streams.error(), pid());
		}
		Thread waiting = new Thread(this::awaitExit, "ipc-exit-" + pid());
		waiting.setDaemon(true);
		waiting.start();
		limit(spec);
	}

	private void awaitExit() {
		int code = waitUninterruptibly();
		Duration uptime = Duration.ofNanos(System.nanoTime() - this.started);
		Signal signal = Signal.fromExitCode(code);
		// on a thread of its own, since it looks at all processes of the system
		CompletableFuture<Void> descendants = CompletableFuture.runAsync(this::killDescendants, Background.EXECUTOR);
		try {
			this.pump.finish();
			this.threadDump.end();
			deleteArgumentFile();
			List<String> printed = lastLines();
			this.exit.complete(new ProcessExit(pid(), code, signal, uptime, printed,
					OUT_OF_MEMORY.hasEnded(signal, printed), this.files.placeCrashFiles()));
		}
		finally {
			// does nothing, unless there was no memory for more
			this.exit.complete(new ProcessExit(pid(), code, signal, uptime, List.of(), false, null));
			remove(descendants);
		}
	}

	/**
	 * Do what takes longer and what nobody must wait for who waits for the end.
	 */
	private void remove(CompletableFuture<Void> descendants) {
		try {
			this.files.copyCrashFiles();
			this.pump.awaitConsumed();
			descendants.join();
			this.files.close();
		}
		finally {
			this.removed.complete(null);
		}
	}

	private void killDescendants() {
		if (this.isolation != null) {
			Session.killAll(pid());
		}
	}

	private int waitUninterruptibly() {
		while (true) {
			try {
				return this.process.waitFor();
			}
			catch (InterruptedException ex) {
				// an interrupt must not make this thread forget the process
			}
		}
	}

	/** Limit the time of a process that has no channel. */
	private void limit(ProcessSpec spec) {
		if (spec.timeout() != null && this.socket == null) {
			untilExit(() -> terminate(spec.killSignal(), spec.drainTimeout()), spec.timeout());
		}
	}

	private void untilExit(Runnable action, Duration delay) {
		Future<?> alarm = Background.schedule(action, delay);
		this.exit.whenComplete((ended, ex) -> alarm.cancel(false));
	}

	/**
	 * Return the process id.
	 * @return the pid
	 */
	public long pid() {
		return this.process.pid();
	}

	/**
	 * Return this side's end of the channel.
	 * @return the socket, to be closed by the caller, or {@code null} if the process has
	 * no channel
	 */
	public @Nullable HandleSocket socket() {
		return this.socket;
	}

	/**
	 * Kill the process and close the channel, because the process cannot be used.
	 */
	public void abandon() {
		kill(Signal.KILL);
		if (this.socket != null) {
			Descriptors.closeQuietly(this.socket);
		}
	}

	/**
	 * Return what the process reads from its standard input, if it has no channel.
	 * @return a stream, owned by the caller
	 */
	public OutputStream standardInput() {
		return this.process.getOutputStream();
	}

	/**
	 * Return whether the process runs.
	 * @return {@code false} once it has ended
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Send a signal.
	 * @param signal the signal
	 * @return whether the signal was delivered; {@code false} once the process has ended
	 */
	public boolean kill(Signal signal) {
		return signal.sendTo(this.process.toHandle(), this.startTime);
	}

	/**
	 * Send a signal that asks the process to end, and kill the process if it does not.
	 * @param signal the signal
	 * @param grace how long the process may take to end
	 * @return whether the signal was delivered; {@code false} once the process has ended
	 */
	public boolean terminate(Signal signal, Duration grace) {
		boolean delivered = kill(signal);
		if (delivered) {
			untilExit(() -> kill(Signal.KILL), grace);
		}
		return delivered;
	}

	/**
	 * Let a JVM print its threads, which are not part of its last lines. Does nothing to
	 * another program, which the signal would end.
	 * @return completes with what the JVM prints; fails if it prints nothing, or its
	 * output is not read
	 */
	public CompletableFuture<String> printThreads() {
		return this.threadDump.request(this, this.pump.isUsed());
	}

	/**
	 * Return a future for the exit of the process.
	 * @return completes when the process has ended and its output was read, though the
	 * consumer of the output may not have everything yet
	 */
	public CompletableFuture<ProcessExit> onExit() {
		return this.exit;
	}

	/**
	 * Return a future for the removal of everything that is left of the process.
	 * @return completes after {@link #onExit()}, when the consumer has the output, unless
	 * it takes very long, the processes that the process started were killed, its crash
	 * files are kept, and its other files removed
	 */
	public CompletableFuture<Void> onRemoved() {
		return this.removed;
	}

	/**
	 * Return the last lines that the process printed so far.
	 * @return at most 50 lines
	 */
	public List<String> lastLines() {
		return this.pump.lastLines();
	}

	/**
	 * Delete the file with arguments, which the JVM has read.
	 */
	public void deleteArgumentFile() {
		this.files.deleteArgumentFile();
	}

}
