package io.ipcboot.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
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

	private static final long DRAIN_MILLIS = 250;

	private final Process process;

	private final @Nullable HandleSocket socket;

	private final OutputPump pump;

	private final long started = System.nanoTime();

	private final CompletableFuture<ProcessExit> exit;

	private ForkedProcess(Process process, @Nullable HandleSocket socket, OutputPump pump) {
		this.process = process;
		this.socket = socket;
		this.pump = pump;
		this.exit = process.onExit().thenApplyAsync((ended) -> exit(), Background.EXECUTOR);
	}

	/**
	 * Start a process.
	 * @param spec what to start
	 * @return the running process
	 * @throws IOException if the operating system refuses, with the program's name
	 */
	public static ForkedProcess start(ProcessSpec spec) throws IOException {
		ProcessBuilder builder = new ProcessBuilder(spec.command());
		builder.environment().clear();
		builder.environment().putAll(spec.environment());
		if (spec.directory() != null) {
			if (!spec.directory().toFile().isDirectory()) {
				throw new IOException("The working directory " + spec.directory() + " does not exist");
			}
			builder.directory(spec.directory().toFile());
		}
		if (spec.output() == ProcessOutput.INHERIT) {
			builder.redirectOutput(Redirect.INHERIT).redirectError(Redirect.INHERIT);
		}
		HandleSocket.Pair sockets = spec.channel() ? HandleSocket.openPair() : null;
		boolean started = false;
		try {
			if (sockets != null) {
				builder.redirectInput(sockets.second().asRedirect());
			}
			OutputPump pump = new OutputPump(spec.output());
			ForkedProcess forked = new ForkedProcess(builder.start(), (sockets != null) ? sockets.first() : null, pump);
			started = true;
			pump.start(forked.process);
			forked.limit(spec);
			return forked;
		}
		finally {
			if (sockets != null) {
				// the child has its own copy, and ending the connection would end it for
				// the child
				sockets.second().release();
				if (!started) {
					sockets.first().close();
				}
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
	 * Return how the process ends.
	 * @return completes when it has ended and its output was read
	 */
	public CompletableFuture<ProcessExit> onExit() {
		return this.exit;
	}

	/**
	 * Return the last lines that the process has printed so far.
	 * @return at most 50 lines
	 */
	public List<String> lastLines() {
		return this.pump.lastLines();
	}

	private ProcessExit exit() {
		try {
			this.pump.awaitEnd(DRAIN_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		int code = this.process.exitValue();
		return new ProcessExit(pid(), code, Signal.fromExitCode(code),
				Duration.ofNanos(System.nanoTime() - this.started), lastLines());
	}

}
