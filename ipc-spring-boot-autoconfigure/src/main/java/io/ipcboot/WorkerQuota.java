package io.ipcboot;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

import io.ipcboot.pool.PoolSettings;

/**
 * Keeps the number of workers of all pools below a maximum. Safe for use by several
 * threads.
 */
final class WorkerQuota {

	/** The number of workers of each pool, spares included. */
	private final Map<String, Long> claims = new LinkedHashMap<>();

	private final int maximum;

	WorkerQuota(int maximum) {
		this.maximum = maximum;
	}

	/**
	 * Set how many workers a pool has.
	 * @throws TooManyWorkersException if there were too many; nothing changes then
	 */
	synchronized void claim(String pool, int size, PoolSettings settings) {
		Map<String, Long> next = new LinkedHashMap<>(this.claims);
		next.put(pool, (long) size + settings.spares());
		long sum = next.values().stream().mapToLong(Long::longValue).sum();
		if (sum > this.maximum) {
			throw new TooManyWorkersException(
					"There may be at most %,d workers, but %,d were asked for: %s".formatted(this.maximum, sum,
							next.entrySet()
								.stream()
								.map((claim) -> "%,d in pool '%s'".formatted(claim.getValue(), claim.getKey()))
								.collect(Collectors.joining(", "))));
		}
		this.claims.putAll(next);
	}

}
