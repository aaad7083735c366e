package io.ipcboot.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Drains what a process prints, always, as a full pipe would stop it. Keeps the last
 * lines.
 */
final class OutputPump {

	private static final Log logger = LogFactory.getLog(OutputPump.class);

	private static final int LINES_KEPT = 50;

	private final Deque<String> lastLines = new ArrayDeque<>(LINES_KEPT);

	private final List<OutputDrain> drains = new ArrayList<>(2);

	private final ProcessOutput output;

	OutputPump(ProcessOutput output) {
		this.output = output;
	}

	void drainOutput(FileInputStream stream, long pid) {
		drain(stream, "ipc-stdout-" + pid, (text) -> accept(new ProcessOutput.Line(pid, text, false)));
	}

	void drainError(FileInputStream stream, long pid) {
		drain(stream, "ipc-stderr-" + pid, (text) -> accept(new ProcessOutput.Line(pid, text, true)));
	}

	private void drain(FileInputStream stream, String name, Consumer<String> lines) {
		OutputDrain drain = new OutputDrain(stream, lines);
		this.drains.add(drain);
		drain.start(name);
	}

	private void accept(ProcessOutput.Line line) {
		synchronized (this.lastLines) {
			if (this.lastLines.size() == LINES_KEPT) {
				this.lastLines.removeFirst();
			}
			this.lastLines.addLast(line.text());
		}
		try {
			this.output.accept(line);
		}
		catch (RuntimeException | Error ex) {
			logger.warn("The consumer of a process's output failed; pid " + line.pid(), ex);
		}
	}

	/**
	 * The process has ended: wait until all that it has printed was passed on.
	 */
	void finish() {
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

	List<String> lastLines() {
		synchronized (this.lastLines) {
			return List.copyOf(this.lastLines);
		}
	}

}
