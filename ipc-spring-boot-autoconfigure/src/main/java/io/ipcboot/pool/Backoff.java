package io.ipcboot.pool;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * The pauses before dead workers are replaced. The first dead worker is replaced at once;
 * if its successor does not last either, the pauses grow.
 *
 * @param initial the first pause
 * @param multiplier the factor by which every further pause is longer
 * @param maximum the longest pause
 * @param jitter the part of a pause that is random, from 0 to 1, so that slots whose
 * workers died together do not keep starting together
 * @param resetAfter how long a worker must live for its death to count as the first one
 * again
 */
public record Backoff(Duration initial, double multiplier, Duration maximum, double jitter, Duration resetAfter) {

	/** The default: half a second, doubling up to 30 seconds, a fifth of it random. */
	public static final Backoff DEFAULT = new Backoff(Duration.ofMillis(500), 2, Duration.ofSeconds(30), 0.2,
			Duration.ofSeconds(30));

	public Backoff {
		Settings.requirePositive("restart.backoff.initial", initial);
		Settings.require(multiplier >= 1, "restart.backoff.multiplier must be at least 1, but is %s", multiplier);
		Settings.require(maximum.compareTo(initial) >= 0,
				"restart.backoff.maximum must not be shorter than the initial pause, but is %s", maximum);
		Settings.require(jitter >= 0 && jitter <= 1, "restart.backoff.jitter must be from 0 to 1, but is %s", jitter);
		Settings.requirePositive("restart.backoff.reset-after", resetAfter);
	}

	/**
	 * Return the pause before the next start.
	 * @param deaths how many workers of the slot died in a row, at least 1
	 * @param random a number from 0 to 1
	 * @return the pause
	 */
	Duration pause(int deaths, double random) {
		if (deaths <= 1) {
			return Duration.ZERO;
		}
		double millis = TimeUnit.MILLISECONDS.convert(this.initial) * Math.pow(this.multiplier, deaths - 2.0);
		double bounded = Math.min(millis, TimeUnit.MILLISECONDS.convert(this.maximum));
		return Duration.ofMillis(Math.round(bounded * (1 - this.jitter * random)));
	}

}
