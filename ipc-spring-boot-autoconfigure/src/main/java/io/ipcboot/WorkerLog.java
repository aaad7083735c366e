package io.ipcboot;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.channel.UntrustedText;
import io.ipcboot.process.LoggedEvent;
import io.ipcboot.process.MarkedOutput;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Logs the output of a process. What the process logs has the same logger, level, thread,
 * context and exception here; all else that the process prints is logged as
 * {@code ipc.worker.<pool>.<slot>}. Drops lines beyond a limit, so that a process cannot
 * fill the disk of its parent. Control characters are escaped, so that a line cannot be
 * taken for another one.
 */
final class WorkerLog implements MarkedOutput {

	/** The approximate number of characters that the log adds to a line. */
	private static final int OVERHEAD = 64;

	/** What this process says about a worker; a worker cannot say it of itself. */
	private static final String CONTEXT = "ipc";

	private static final int MAX_NAME = 500;

	/** How many loggers there may be because of workers, as loggers are never removed. */
	private static final int MAX_LOGGERS = 10_000;

	private static final Set<String> loggers = ConcurrentHashMap.newKeySet();

	/**
	 * Random, since a worker may print what others tell it to print: nobody else can make
	 * a worker print an event.
	 */
	private final String marker = "ipc-%s:".formatted(HexFormat.of().toHexDigits(new SecureRandom().nextLong()));

	private final EventLog events = EventLog.ofThisProcess();

	private final boolean structured = isStructured();

	private final @Nullable OutputBudget budget;

	private final Runnable dropped;

	private volatile String name;

	/**
	 * @param dropped run for each line that is dropped
	 */
	WorkerLog(String name, @Nullable DataSize bytesPerSecond, Runnable dropped) {
		this.dropped = dropped;
		this.name = name;
		this.budget = (bytesPerSecond != null) ? new OutputBudget(bytesPerSecond.toBytes(), System::nanoTime) : null;
	}

	/**
	 * Return whether all that Spring Boot configures of the log has fields, so that the
	 * message need not name the worker.
	 */
	private static boolean isStructured() {
		return LogContext.isAvailable() && System.getProperty("CONSOLE_LOG_STRUCTURED_FORMAT") != null
				&& (System.getProperty("LOG_FILE") == null || System.getProperty("FILE_LOG_STRUCTURED_FORMAT") != null);
	}

	@Override
	public String marker() {
		return this.marker;
	}

	/** Use the name of the slot that a spare got. */
	void rename(String newName) {
		this.name = newName;
	}

	@Override
	public void accept(Line line) {
		Worker worker = new Worker(this.name, line.pid());
		LoggedEvent event = LoggedEvent.parse(this.marker, line.text());
		if (event == null) {
			print(worker, line.text(), line.error());
			return;
		}
		String before = line.text().substring(0, line.text().indexOf(this.marker));
		if (!before.isEmpty()) {
			print(worker, before, line.error());
		}
		LoggedEvent harmless = harmless(worker, event);
		if (this.events.accepts(harmless) && spend(worker, harmless.message().length() + event.stackTrace().length())) {
			this.events.log(harmless);
		}
	}

	private void print(Worker worker, String line, boolean error) {
		String text = prefix(worker) + UntrustedText.line(line);
		if (!spend(worker, text.length())) {
			return;
		}
		Log logger = LogFactory.getLog(worker.logger());
		LogContext.with(worker.context(Map.of()), () -> {
			if (error) {
				logger.warn(text);
			}
			else {
				logger.info(text);
			}
		});
	}

	private String prefix(Worker worker) {
		return this.structured ? "" : "[%s %d] ".formatted(worker.name, worker.pid);
	}

	/**
	 * Return whether the process may log that much, and log how many lines it has lost.
	 */
	private boolean spend(Worker worker, int length) {
		if (this.budget == null) {
			return true;
		}
		if (!this.budget.spend(OVERHEAD + length)) {
			this.dropped.run();
			return false;
		}
		long dropped = this.budget.takeDropped();
		if (dropped > 0) {
			String text = prefix(worker)
					+ "%,d lines were dropped because the process printed more than its output limit"
						.formatted(dropped);
			LogContext.with(worker.context(Map.of()), () -> LogFactory.getLog(worker.logger()).warn(text));
		}
		return true;
	}

	/** Return an event that forges no line, nor the name of another worker. */
	private LoggedEvent harmless(Worker worker, LoggedEvent event) {
		String logger = UntrustedText.line(UntrustedText.cut(event.logger(), MAX_NAME));
		boolean known = loggers.contains(logger) || (loggers.size() < MAX_LOGGERS && loggers.add(logger));
		String message = UntrustedText.indented(known ? event.message() : logger + ": " + event.message());
		return new LoggedEvent(event.time(), event.level(), known ? logger : worker.logger(),
				UntrustedText.line(UntrustedText.cut(event.thread(), MAX_NAME)), prefix(worker) + message,
				worker.context(event.context()), UntrustedText.lines(event.stackTrace()));
	}

	/** The process as its parent knows it. */
	private record Worker(String name, long pid) {

		String logger() {
			return "ipc.worker." + this.name.replace('/', '.');
		}

		/** Return what an event is logged with. */
		Map<String, String> context(Map<String, String> own) {
			Map<String, String> context = new LinkedHashMap<>();
			own.forEach((key, value) -> {
				if (!key.equals(CONTEXT) && !key.startsWith(CONTEXT + ".")) {
					context.put(UntrustedText.line(key), UntrustedText.line(value));
				}
			});
			int slash = this.name.lastIndexOf('/');
			if (slash >= 0) {
				context.put(CONTEXT + ".pool", this.name.substring(0, slash));
				context.put(CONTEXT + ".slot", this.name.substring(slash + 1));
			}
			context.put(CONTEXT + ".pid", Long.toString(this.pid));
			return context;
		}

	}

}
