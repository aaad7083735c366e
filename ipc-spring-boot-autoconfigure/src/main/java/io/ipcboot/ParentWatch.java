package io.ipcboot;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;

import io.ipcboot.channel.Background;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a parent that has promised signs of life gives none, and says so. Nothing
 * else follows: a parent that was paused goes on later, and one that has ended is noticed
 * at once by the end of the channel.
 */
final class ParentWatch {

	private static final Log logger = LogFactory.getLog(ParentWatch.class);

	/** An alarm that is later than this says that this process was paused itself. */
	private static final Duration PAUSE = Duration.ofSeconds(1);

	private final LongSupplier bytesRead;

	private @Nullable Future<?> alarm;

	private long lastSign;

	private long bytesSeen;

	private boolean silent;

	/**
	 * @param bytesRead how much the parent has sent so far, as any byte is a sign of life
	 */
	ParentWatch(LongSupplier bytesRead) {
		this.bytesRead = bytesRead;
	}

	/**
	 * There is a sign of life.
	 * @param timeout how soon there will be another one
	 */
	synchronized void sign(Duration timeout) {
		long now = System.nanoTime();
		if (this.silent) {
			logger.info("The parent gives signs of life again, after %,d ms".formatted(millis(now - this.lastSign)));
		}
		this.silent = false;
		watch(now, timeout);
	}

	synchronized void stop() {
		if (this.alarm != null) {
			this.alarm.cancel(false);
		}
	}

	private void watch(long now, Duration timeout) {
		stop();
		this.lastSign = now;
		this.bytesSeen = this.bytesRead.getAsLong();
		this.alarm = Background.schedule(() -> check(timeout), timeout);
	}

	private synchronized void check(Duration timeout) {
		long now = System.nanoTime();
		boolean paused = now - this.lastSign > timeout.plus(PAUSE).toNanos();
		if (paused || this.bytesRead.getAsLong() != this.bytesSeen) {
			watch(now, timeout);
		}
		else {
			this.silent = true;
			logger.warn("The parent has given no sign of life for %,d ms; its calls go on, in case it is only paused"
				.formatted(millis(now - this.lastSign)));
		}
	}

	private static long millis(long nanos) {
		return Duration.ofNanos(nanos).toMillis();
	}

}
