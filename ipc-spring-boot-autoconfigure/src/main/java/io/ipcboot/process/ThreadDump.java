package io.ipcboot.process;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import io.ipcboot.channel.Background;
import org.jspecify.annotations.Nullable;

/**
 * Lets a JVM print its threads, and reads what it prints. That takes hundreds of lines,
 * so they do not count as last lines of the JVM.
 */
final class ThreadDump {

	/** The time within which requests share one print. */
	private static final Duration PAUSE = Duration.ofSeconds(1);

	/** How long a JVM may take to print its threads. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** How much is read, in characters. */
	private static final int MAX_LENGTH = 4 * 1024 * 1024;

	private static final String FIRST_LINE = "Full thread dump ";

	/** What the JVM prints one line before. */
	private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d");

	/** The heading of the last part, which an empty line ends. */
	private static final String LAST_PART = "Heap";

	private final StringBuilder text = new StringBuilder();

	private final boolean java;

	/** The print that was requested last. */
	private CompletableFuture<String> print = new CompletableFuture<>();

	private long requested;

	private State state = State.NOT_REQUESTED;

	/** Whether the JVM prints its threads to standard error. */
	private boolean error;

	ThreadDump(boolean java) {
		this.java = java;
	}

	/**
	 * Request the threads.
	 * @param readable whether this process reads what the process prints
	 * @return completes with what the process prints
	 */
	synchronized CompletableFuture<String> request(ForkedProcess process, boolean readable) {
		if (isUnderWay() || isRecent()) {
			return this.print;
		}
		if (!this.java || !catchesQuit(process.pid())) {
			return CompletableFuture.failedFuture(
					new IllegalStateException("The process %d cannot print its threads".formatted(process.pid())));
		}
		CompletableFuture<String> next = new CompletableFuture<>();
		this.print = next;
		this.state = State.REQUESTED;
		this.requested = System.nanoTime();
		process.kill(Signal.QUIT);
		if (readable) {
			Background.schedule(() -> giveUp(next, process.pid()), PATIENCE);
		}
		else {
			fail("the output of the process %d is not read".formatted(process.pid()));
		}
		return next;
	}

	private boolean isRecent() {
		return this.state != State.NOT_REQUESTED && System.nanoTime() - this.requested < PAUSE.toNanos();
	}

	private boolean isUnderWay() {
		return this.state == State.REQUESTED || this.state == State.PRINTING || this.state == State.LAST_PART;
	}

	private synchronized void giveUp(CompletableFuture<String> late, long pid) {
		if (this.print == late && isUnderWay()) {
			fail("the process %d has not printed them within %,d ms".formatted(pid, PATIENCE.toMillis()));
		}
	}

	private void fail(String reason) {
		conclude((result) -> result
			.completeExceptionally(new IllegalStateException("There is no thread dump: " + reason)));
	}

	/**
	 * Complete the result on another thread, since the code of its recipients may block.
	 */
	private void conclude(Consumer<CompletableFuture<String>> completion) {
		CompletableFuture<String> current = this.print;
		this.state = State.DONE;
		this.text.setLength(0);
		this.text.trimToSize();
		Background.EXECUTOR.execute(() -> completion.accept(current));
	}

	/**
	 * Take a line, if it belongs to the print.
	 * @param before the line before
	 * @return whether it does, and whether the line before it does, too
	 */
	synchronized Taken take(ProcessOutput.Line line, @Nullable String before) {
		if (this.state == State.REQUESTED && line.text().startsWith(FIRST_LINE)) {
			this.state = State.PRINTING;
			this.error = line.error();
			append(line.text());
			return (before != null && TIME.matcher(before).matches()) ? Taken.WITH_THE_LINE_BEFORE : Taken.YES;
		}
		if ((this.state != State.PRINTING && this.state != State.LAST_PART) || line.error() != this.error) {
			return Taken.NO;
		}
		if (this.state == State.LAST_PART && line.text().isEmpty()) {
			end();
			return Taken.YES;
		}
		if (line.text().equals(LAST_PART)) {
			this.state = State.LAST_PART;
		}
		append(line.text());
		return Taken.YES;
	}

	private void append(String line) {
		this.text.append(line).append('\n');
		if (this.text.length() > MAX_LENGTH) {
			end();
		}
	}

	/** Note that nothing more is printed. */
	synchronized void end() {
		if (this.state == State.REQUESTED) {
			fail("the process has ended");
		}
		else if (isUnderWay()) {
			String printed = this.text.toString();
			conclude((result) -> result.complete(printed));
		}
	}

	/**
	 * Return whether the process handles the signal, which would end a sandbox around the
	 * JVM, or a JVM that has just begun.
	 */
	private static boolean catchesQuit(long pid) {
		String caught = ProcessStatus.field(pid, "SigCgt");
		return caught != null && Signal.QUIT.isIn(Long.parseUnsignedLong(caught, 16));
	}

	/** Whether a line belongs to the print. */
	enum Taken {

		NO, YES, WITH_THE_LINE_BEFORE

	}

	private enum State {

		NOT_REQUESTED, REQUESTED, PRINTING, LAST_PART, DONE

	}

}
