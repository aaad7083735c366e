package io.ipcboot.pool;

import java.time.Duration;

/**
 * What to make of an alarm that comes late: this process was paused. Whoever the alarm is
 * about may have been paused too, or what it has sent was not read yet, so it gets its
 * time once more.
 */
final class LateAlarm {

	private static final Duration PAUSE = Duration.ofSeconds(1);

	private LateAlarm() {
	}

	/**
	 * Whether so late that this process was paused.
	 * @param expected when the alarm should have come, in nanoseconds
	 * @param now when it has come
	 */
	static boolean isLate(long expected, long now) {
		return now - expected > PAUSE.toNanos();
	}

	/**
	 * Return when the alarm is due again.
	 * @param delay how long it should have taken
	 */
	static Duration again(Duration delay) {
		return (delay.compareTo(PAUSE) > 0) ? delay : PAUSE;
	}

}
