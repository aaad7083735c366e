package io.ipcboot;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import io.ipcboot.channel.PauseAwareTimer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs when the parent stops giving the signs of life that it announced. This has no
 * other consequence: a suspended parent goes on later, and the end of the channel shows
 * the end of a parent at once.
 */
final class ParentWatch {

	private static final Log logger = LogFactory.getLog(ParentWatch.class);

	private final LongSupplier bytesRead;

	private final PauseAwareTimer timer = new PauseAwareTimer();

	private long lastSign;

	private long bytesSeen;

	private Duration timeout = Duration.ZERO;

	private boolean silent;

	/**
	 * @param bytesRead returns how many bytes the parent sent so far; any byte is a sign
	 * of life
	 */
	ParentWatch(LongSupplier bytesRead) {
		this.bytesRead = bytesRead;
	}

	/**
	 * Note a sign of life of the parent.
	 * @param timeout how soon the next one follows
	 */
	synchronized void sign(Duration timeout) {
		long now = System.nanoTime();
		if (this.silent) {
			logger.info("The parent is giving signs of life again after %,d ms".formatted(millis(now - this.lastSign)));
		}
		this.silent = false;
		this.timeout = timeout;
		await(now);
	}

	void stop() {
		this.timer.cancel();
	}

	private void await(long now) {
		this.lastSign = now;
		this.bytesSeen = this.bytesRead.getAsLong();
		this.timer.schedule(this::check, this.timeout);
	}

	private synchronized void check() {
		long now = System.nanoTime();
		if (this.bytesRead.getAsLong() != this.bytesSeen) {
			await(now);
		}
		else if (now - this.lastSign >= TimeUnit.NANOSECONDS.convert(this.timeout)) {
			this.silent = true;
			logger.warn("The parent gave no sign of life for %,d ms; its calls go on because it may only be suspended"
				.formatted(millis(now - this.lastSign)));
		}
	}

	private static long millis(long nanos) {
		return Duration.ofNanos(nanos).toMillis();
	}

}
