package io.ipcboot.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import io.ipcboot.channel.Recipients;
import io.ipcboot.channel.UntrustedText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Drains the output of a process at all times, since a full pipe would stop the process.
 * Keeps the last lines.
 */
final class OutputPump {

	private static final Log logger = LogFactory.getLog(OutputPump.class);

	private static final int LINES_KEPT = 50;

	/** How long to wait for a consumer of the lines that may never return. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	/** How many characters of events are kept, as one can be long. */
	private static final int CHARACTERS_KEPT = LINES_KEPT * LineSplitter.MAX_LINE;

	private final Deque<String> lastLines = new ArrayDeque<>(LINES_KEPT);

	private final List<OutputDrain> drains = new ArrayList<>(2);

	private final LineQueue queue;

	private final @Nullable String marker;

	private final ThreadDump threads;

	/** The length of the last lines together. */
	private int kept;

	OutputPump(ProcessOutput output, ThreadDump threads) {
		this.queue = new LineQueue(output);
		this.marker = (output instanceof MarkedOutput marked) ? marked.marker() : null;
		this.threads = threads;
	}

	/** Return whether there is any output to read. */
	boolean isUsed() {
		return !this.drains.isEmpty();
	}

	void drainOutput(FileInputStream stream, long pid) {
		drain(stream, "ipc-stdout-" + pid, (text) -> accept(new ProcessOutput.Line(pid, text, false)));
	}

	void drainError(FileInputStream stream, long pid) {
		drain(stream, "ipc-stderr-" + pid, (text) -> accept(new ProcessOutput.Line(pid, text, true)));
	}

	private void drain(FileInputStream stream, String name, Consumer<String> lines) {
		OutputDrain drain = new OutputDrain(stream, lines, this.marker);
		this.drains.add(drain);
		drain.start(name);
	}

	private void accept(ProcessOutput.Line line) {
		synchronized (this.lastLines) {
			keep(line, this.threads.take(line, this.lastLines.peekLast()));
		}
		try {
			this.queue.add(line);
		}
		catch (Throwable ex) {
			Recipients.log("A line that a process printed was lost; pid " + line.pid(), ex);
		}
	}

	private void keep(ProcessOutput.Line line, ThreadDump.Taken taken) {
		if (taken == ThreadDump.Taken.WITH_THE_LINE_BEFORE) {
			this.kept -= this.lastLines.removeLast().length();
		}
		if (taken == ThreadDump.Taken.NO) {
			this.lastLines.addLast(line.text());
			this.kept += line.text().length();
			while (this.lastLines.size() > LINES_KEPT || this.kept > CHARACTERS_KEPT) {
				this.kept -= this.lastLines.removeFirst().length();
			}
		}
	}

	/**
	 * Wait until all output of the ended process was read, whatever its consumer does.
	 */
	void finish() {
		this.queue.end();
		for (OutputDrain drain : this.drains) {
			try {
				drain.finish();
			}
			catch (IOException ex) {
				logger.warn("The output of a process could not be read to its end", ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

	/**
	 * Wait until the consumer has all output, but not for a consumer that never returns.
	 */
	void awaitConsumed() {
		try {
			this.queue.awaitConsumed(PATIENCE);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	List<String> lastLines() {
		List<String> printed;
		synchronized (this.lastLines) {
			printed = List.copyOf(this.lastLines);
		}
		List<String> lines = printed.stream().flatMap((line) -> readable(line).stream()).toList();
		return List.copyOf(lines.subList(Math.max(0, lines.size() - LINES_KEPT), lines.size()));
	}

	/** Return the lines that people read: an event is one line, but has several. */
	private List<String> readable(String line) {
		LoggedEvent event = (this.marker != null) ? LoggedEvent.parse(this.marker, line) : null;
		if (event == null || this.marker == null) {
			return List.of(line);
		}
		List<String> lines = new ArrayList<>();
		String before = line.substring(0, line.indexOf(this.marker));
		if (!before.isEmpty()) {
			lines.add(before);
		}
		event.lines().forEach((text) -> lines.add(UntrustedText.cut(text, LineSplitter.MAX_LINE - 1)));
		return lines;
	}

}
