package io.ipcboot.autoconfigure;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.ipcboot.channel.StackTraceText;
import io.ipcboot.process.LoggedEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

import org.springframework.boot.logging.structured.StructuredLogFormatter;
import org.springframework.core.env.Environment;

/**
 * Writes the events of a worker for its parent.
 */
final class LogbackEventFormatter implements StructuredLogFormatter<ILoggingEvent> {

	/** Of an event, which has room for a long message besides. */
	private static final int MAX_STACK = 32 * 1024;

	private static final int MAX_MESSAGE = 16 * 1024;

	private final String marker;

	LogbackEventFormatter(Environment environment) {
		this.marker = environment.getRequiredProperty(LoggedEvent.PROPERTY);
		// loads all classes: a process that has no descriptor left has much to log, and
		// could not load them from a directory
		new LoggedEvent(Instant.EPOCH, "", "", "", "", Map.of(),
				StackTraceText.of(new Throwable(new Throwable()), MAX_STACK, MAX_MESSAGE))
			.toLine(this.marker);
	}

	@Override
	public String format(ILoggingEvent event) {
		return new String(line(event), StandardCharsets.UTF_8);
	}

	/** The parent reads UTF-8, whatever the console of this process had. */
	@Override
	public byte[] formatAsBytes(ILoggingEvent event, Charset charset) {
		return line(event);
	}

	private byte[] line(ILoggingEvent event) {
		return new LoggedEvent(event.getInstant(), event.getLevel().toString(), event.getLoggerName(),
				event.getThreadName(), String.valueOf(event.getFormattedMessage()), context(event),
				stackTrace(event.getThrowableProxy()))
			.toLine(this.marker);
	}

	private static Map<String, String> context(ILoggingEvent event) {
		Map<String, String> context = new LinkedHashMap<>();
		event.getMDCPropertyMap().forEach((key, value) -> context.put(key, String.valueOf(value)));
		List<KeyValuePair> pairs = event.getKeyValuePairs();
		if (pairs != null) {
			pairs.forEach((pair) -> context.put(String.valueOf(pair.key), String.valueOf(pair.value)));
		}
		return context;
	}

	private static String stackTrace(@Nullable IThrowableProxy failure) {
		if (failure == null) {
			return "";
		}
		return (failure instanceof ThrowableProxy proxy)
				? StackTraceText.of(proxy.getThrowable(), MAX_STACK, MAX_MESSAGE)
				: ThrowableProxyUtil.asString(failure);
	}

}
