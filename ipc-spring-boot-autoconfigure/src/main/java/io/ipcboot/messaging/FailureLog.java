package io.ipcboot.messaging;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.ipcboot.channel.RemoteThrowable;
import io.ipcboot.channel.StackTraceText;
import io.ipcboot.channel.UntrustedText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs failures on this side that messages of a peer caused, up to a limit, so that the
 * peer cannot fill the disk. What the failures quote of the messages cannot forge a line
 * of the log. Safe for concurrent use.
 */
final class FailureLog {

	private static final Log logger = LogFactory.getLog(FailureLog.class);

	/** How many failures are logged in a period. */
	static final int LIMIT = 20;

	private static final Duration PERIOD = Duration.ofSeconds(10);

	private static final int MAX_STACK = 64 * 1024;

	/** How many failures, causes and suppressed ones, are logged as they are. */
	private static final int MAX_DEPTH = 50;

	private long start = System.nanoTime();

	private int count;

	/** Log a failure that nobody else learns of. */
	void error(String problem, Throwable failure) {
		log(logger::error, logger::error, problem, failure);
	}

	/** Log a failure that the peer learns of too. */
	void warn(String problem, Throwable failure) {
		log(logger::warn, logger::warn, problem, failure);
	}

	private void log(BiConsumer<Object, Throwable> log, Consumer<Object> logText, String problem, Throwable failure) {
		int count = next();
		if (count < LIMIT) {
			try {
				if (isHarmless(failure, 0)) {
					log.accept(problem, failure);
				}
				else {
					log.accept(problem + ": " + describe(failure), escaped(failure));
				}
			}
			catch (Throwable ex) {
				// the failure prints itself, and cannot
				logText.accept(problem + ": " + describe(failure));
			}
		}
		else if (count == LIMIT) {
			logText.accept("%s: %s. Further failures within %d s are not logged".formatted(problem, describe(failure),
					PERIOD.toSeconds()));
		}
	}

	private static String describe(Throwable failure) {
		return UntrustedText.indented(StackTraceText.describe(failure));
	}

	/** Return whether none of the messages can be taken for a line of the log. */
	private static boolean isHarmless(@Nullable Throwable failure, int depth) {
		return failure == null || (depth < MAX_DEPTH && UntrustedText.isHarmless(String.valueOf(failure))
				&& isHarmless(failure.getCause(), depth + 1)
				&& Stream.of(failure.getSuppressed()).allMatch((suppressed) -> isHarmless(suppressed, depth + 1)));
	}

	/** Return what prints the same stack trace, but with harmless messages. */
	private static Throwable escaped(Throwable failure) {
		return RemoteThrowable.parse(UntrustedText.lines(StackTraceText.of(failure, MAX_STACK)), "");
	}

	private synchronized int next() {
		long now = System.nanoTime();
		if (now - this.start > PERIOD.toNanos()) {
			this.start = now;
			this.count = 0;
		}
		return ++this.count;
	}

}
