package io.ipcboot.process;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

	private final CountDownLatch open = new CountDownLatch(2);

	private final ProcessOutput output;

	OutputPump(ProcessOutput output) {
		this.output = output;
	}

	void start(Process process) {
		long pid = process.pid();
		drain(process.getInputStream(), "ipc-stdout-" + pid,
				(text) -> accept(new ProcessOutput.Line(pid, text, false)));
		drain(process.getErrorStream(), "ipc-stderr-" + pid, (text) -> accept(new ProcessOutput.Line(pid, text, true)));
	}

	private void drain(InputStream stream, String name, Consumer<String> lines) {
		Thread thread = new Thread(() -> {
			LineSplitter splitter = new LineSplitter(lines);
			byte[] buffer = new byte[LineSplitter.MAX_LINE];
			try (stream) {
				for (int count; (count = stream.read(buffer)) >= 0;) {
					splitter.accept(buffer, count);
				}
			}
			catch (IOException ex) {
				// the JDK closes the stream when the process has ended
			}
			finally {
				splitter.end();
				this.open.countDown();
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
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
		catch (RuntimeException ex) {
			logger.warn("The consumer of a process's output failed; pid " + line.pid(), ex);
		}
	}

	/**
	 * Wait until everything was drained, but not for grandchildren that have inherited
	 * the pipes and live on.
	 */
	void awaitEnd(long millis) throws InterruptedException {
		this.open.await(millis, TimeUnit.MILLISECONDS);
	}

	List<String> lastLines() {
		synchronized (this.lastLines) {
			return List.copyOf(this.lastLines);
		}
	}

}
