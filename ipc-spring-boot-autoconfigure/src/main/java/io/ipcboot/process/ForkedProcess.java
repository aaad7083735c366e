package io.ipcboot.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

import io.ipcboot.channel.Background;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * A process that this one has started.
 */
public final class ForkedProcess {

	/** Of all processes together, since before the first one. */
	private static final OutOfMemory OUT_OF_MEMORY = OutOfMemory.ofOwnGroup();

	private final CompletableFuture<ProcessExit> exit = new CompletableFuture<>();

	private final CompletableFuture<Void> removed = new CompletableFuture<>();

	private final long started = System.nanoTime();

	private final OutputPump pump;

	private final Process process;

	private final @Nullable HandleSocket socket;

	private final LaunchFiles files;

	private final @Nullable Isolation isolation;

	private final ThreadDump threadDump;

	private ForkedProcess(ProcessSpec spec, Process process, @Nullable HandleSocket socket, LaunchFiles files) {
		this.process = process;
		this.pump = new OutputPump(spec.output());
		this.socket = socket;
		this.files = files;
		this.isolation = spec.isolation();
		this.threadDump = new ThreadDump(spec.java());
	}

	/**
	 * Start a process.
	 * @param spec what to start
	 * @return the running process
	 * @throws IOException if the operating system refuses, with the program's name
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
		builder.environment().clear();
		builder.environment().putAll(spec.environment());
		if (spec.directory() != null) {
			builder.directory(spec.directory().toFile());
		}
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
		// beside the rest, as it looks at all processes that there are
		CompletableFuture<Void> descendants = CompletableFuture.runAsync(this::killDescendants, Background.EXECUTOR);
		this.pump.finish();
		Signal signal = Signal.fromExitCode(code);
		deleteClassPathFile();
		Path crashFile = this.files.keepCrashFiles();
		List<String> printed = lastLines();
		this.exit.complete(new ProcessExit(pid(), code, signal, uptime, this.threadDump.without(printed, signal),
				OUT_OF_MEMORY.hasEnded(signal, printed), crashFile));
		try {
			// nobody who waits for the end has to wait for this
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
				// nobody interrupts this thread to make it forget the process
			}
		}
	}

	private void limit(ProcessSpec spec) {
		if (spec.timeout() != null) {
			Future<?> alarm = Background.schedule(() -> kill(spec.killSignal()), spec.timeout());
			this.exit.whenComplete((ended, ex) -> alarm.cancel(false));
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
	 * Return this side's end of the channel.
	 * @return the socket, to be closed by the caller, or {@code null} if the process has
	 * none
	 */
	public @Nullable HandleSocket socket() {
		return this.socket;
	}

	/**
	 * Kill the process and close the channel, if nobody took charge of them.
	 */
	public void abandon() {
		kill(Signal.KILL);
		try {
			if (this.socket != null) {
				this.socket.close();
			}
		}
		catch (IOException ex) {
			// close(2) has released the number whatever it reports
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
	 * Whether the process runs.
	 * @return {@code false} once it has ended
	 */
	public boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Send a signal.
	 * @param signal the signal
	 * @return whether it was delivered; {@code false} once the process has ended
	 */
	public boolean kill(Signal signal) {
		return signal.sendTo(this.process);
	}

	/**
	 * Let a JVM print its threads. If it is killed then, they are no part of its last
	 * lines. Does nothing to another program, which would take the signal for its end.
	 */
	public void printThreads() {
		this.threadDump.request(this);
	}

	/**
	 * Return how the process ends.
	 * @return completes when it has ended and its output was read
	 */
	public CompletableFuture<ProcessExit> onExit() {
		return this.exit;
	}

	/**
	 * Return when nothing is left of the process.
	 * @return completes after {@link #onExit()}, when the processes that it has started
	 * were killed and its files removed
	 */
	public CompletableFuture<Void> onRemoved() {
		return this.removed;
	}

	/**
	 * Return the last lines that the process has printed so far.
	 * @return at most 50 lines
	 */
	public List<String> lastLines() {
		return this.pump.lastLines();
	}

	/**
	 * The JVM has read its class path.
	 */
	public void deleteClassPathFile() {
		this.files.deleteClassPathFile();
	}

}
