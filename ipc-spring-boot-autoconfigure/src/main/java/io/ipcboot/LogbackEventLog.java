package io.ipcboot;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.CallerData;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import io.ipcboot.channel.RemoteThrowable;
import io.ipcboot.channel.StackTraceText;
import io.ipcboot.process.LoggedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * For Logback, where an event can have the time and the thread of another process.
 */
final class LogbackEventLog implements EventLog {

	private static final int MAX_SAMPLE = 1024;

	static {
		// loads all classes: a process that has no descriptor left could not load them
		// from a directory
		new RemoteThrowableProxy(RemoteThrowable.parse(StackTraceText.of(new Throwable(), MAX_SAMPLE), ""));
	}

	private final LoggerContext context;

	private LogbackEventLog(LoggerContext context) {
		this.context = context;
	}

	/** Return a log, unless SLF4J is bound to something else. */
	static @Nullable EventLog ofBoundContext() {
		return (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) ? new LogbackEventLog(context)
				: null;
	}

	@Override
	public boolean accepts(LoggedEvent event) {
		return this.context.getLogger(event.logger()).isEnabledFor(level(event));
	}

	@Override
	public void log(LoggedEvent event) {
		Logger logger = this.context.getLogger(event.logger());
		LoggingEvent logged = new LoggingEvent(LogbackEventLog.class.getName(), logger, level(event), event.message(),
				null, null);
		logged.setInstant(event.time());
		logged.setThreadName(event.thread());
		logged.setMDCPropertyMap(event.context());
		// nothing in this process has called the logger
		logged.setCallerData(CallerData.EMPTY_CALLER_DATA_ARRAY);
		RemoteThrowable exception = EventLog.exception(event);
		if (exception != null) {
			logged.setThrowableProxy(new RemoteThrowableProxy(exception));
		}
		logger.callAppenders(logged);
	}

	private static Level level(LoggedEvent event) {
		return Level.toLevel(event.level(), Level.INFO);
	}

	/** Shows the class of the exception in the other process. */
	private static final class RemoteThrowableProxy extends ThrowableProxy {

		private final RemoteThrowable exception;

		RemoteThrowableProxy(RemoteThrowable exception) {
			super(exception);
			this.exception = exception;
		}

		@Override
		public String getClassName() {
			return this.exception.type();
		}

	}

}
