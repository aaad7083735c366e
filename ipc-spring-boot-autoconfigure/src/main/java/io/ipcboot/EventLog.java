package io.ipcboot;

import java.util.LinkedHashMap;
import java.util.Map;

import io.ipcboot.channel.RemoteThrowable;
import io.ipcboot.process.LoggedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ClassUtils;

/**
 * Logs the events of workers in this process, as far as the levels of this process allow.
 * Safe for use by several threads.
 */
interface EventLog {

	/**
	 * Return whether this process logs events of a logger and level.
	 */
	boolean accepts(LoggedEvent event);

	/**
	 * Log an event whose texts are harmless.
	 */
	void log(LoggedEvent event);

	/** Return the exception of an event. */
	static @Nullable RemoteThrowable exception(LoggedEvent event) {
		return event.stackTrace().isEmpty() ? null : RemoteThrowable.parse(event.stackTrace(), "");
	}

	/** Return the log for the logging system of this process. */
	static EventLog ofThisProcess() {
		boolean logback = ClassUtils.isPresent("ch.qos.logback.classic.LoggerContext", EventLog.class.getClassLoader());
		EventLog log = logback ? LogbackEventLog.ofBoundContext() : null;
		return (log != null) ? log : new AnyEventLog();
	}

	/**
	 * For any logging system. The time is that of this process, and the thread is in the
	 * context.
	 */
	final class AnyEventLog implements EventLog {

		@Override
		public boolean accepts(LoggedEvent event) {
			Log log = LogFactory.getLog(event.logger());
			return switch (event.level()) {
				case "ERROR" -> log.isErrorEnabled();
				case "FATAL" -> log.isFatalEnabled();
				case "WARN" -> log.isWarnEnabled();
				case "DEBUG" -> log.isDebugEnabled();
				case "TRACE" -> log.isTraceEnabled();
				default -> log.isInfoEnabled();
			};
		}

		@Override
		public void log(LoggedEvent event) {
			Map<String, String> context = new LinkedHashMap<>(event.context());
			context.put("ipc.thread", event.thread());
			LogContext.with(context, () -> log(LogFactory.getLog(event.logger()), event));
		}

		private static void log(Log log, LoggedEvent event) {
			RemoteThrowable exception = EventLog.exception(event);
			switch (event.level()) {
				case "ERROR" -> log.error(event.message(), exception);
				case "FATAL" -> log.fatal(event.message(), exception);
				case "WARN" -> log.warn(event.message(), exception);
				case "DEBUG" -> log.debug(event.message(), exception);
				case "TRACE" -> log.trace(event.message(), exception);
				default -> log.info(event.message(), exception);
			}
		}

	}

}
