package io.ipcboot.actuate;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.pool.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * The pools of this application at this moment, or shortly before. A pool that is too
 * busy to answer holds up nobody who looks at it. Safe for use by several threads.
 */
public final class PoolSnapshots {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final Duration LIFETIME = Duration.ofSeconds(1);

	private final Map<String, Taken> taken = new ConcurrentHashMap<>();

	private final ChildProcessOperations processes;

	/**
	 * Look at the pools of an application.
	 * @param processes has the pools
	 */
	public PoolSnapshots(ChildProcessOperations processes) {
		this.processes = processes;
	}

	/** Return the names of the pools. */
	Set<String> pools() {
		return this.processes.pools();
	}

	/** Return a pool as it was at most a second ago. */
	@Nullable PoolSnapshot recent(String pool) {
		Taken last = this.taken.get(pool);
		return (last != null && System.nanoTime() - last.time() < LIFETIME.toNanos()) ? last.snapshot() : current(pool);
	}

	/**
	 * Return a pool as it is now, or as it was seen last if it does not answer in time.
	 * @return {@code null} if it has never answered
	 */
	@Nullable PoolSnapshot current(String pool) {
		CompletableFuture<PoolSnapshot> answer = this.processes.pool(pool).snapshot();
		PoolSnapshot snapshot = null;
		try {
			snapshot = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// what was seen last is better than nothing
		}
		Taken last = this.taken.get(pool);
		if (snapshot == null && last != null) {
			snapshot = last.snapshot();
		}
		// a pool that does not answer is not asked again at once
		this.taken.put(pool, new Taken(snapshot, System.nanoTime()));
		return snapshot;
	}

	/**
	 * A pool when it was last asked.
	 *
	 * @param snapshot {@code null} if the pool has never answered
	 * @param time when the answer came, or did not come
	 */
	private record Taken(@Nullable PoolSnapshot snapshot, long time) {

	}

}
