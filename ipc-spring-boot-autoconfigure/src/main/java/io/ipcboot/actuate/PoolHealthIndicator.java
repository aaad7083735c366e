package io.ipcboot.actuate;

import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.PoolState;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} of a pool. A pool is down if it is to have workers and none of
 * them takes messages. A degraded pool that has workers left is up, and says why it is
 * degraded.
 */
public final class PoolHealthIndicator extends AbstractHealthIndicator {

	private final PoolSnapshots snapshots;

	private final String pool;

	/**
	 * Create an indicator.
	 * @param snapshots has the pool
	 * @param pool the name of the pool
	 */
	public PoolHealthIndicator(PoolSnapshots snapshots, String pool) {
		super("The pool '" + pool + "' cannot be examined");
		this.snapshots = snapshots;
		this.pool = pool;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		PoolSnapshot snapshot = this.snapshots.current(this.pool);
		if (snapshot == null) {
			builder.unknown();
			return;
		}
		int ready = PoolLoad.ready(snapshot);
		if (snapshot.state() == PoolState.STOPPING) {
			builder.outOfService();
		}
		else if (ready > 0 || snapshot.slots().isEmpty()) {
			builder.up();
		}
		else {
			builder.down();
		}
		builder.withDetail("state", snapshot.state())
			.withDetail("size", snapshot.slots().size())
			.withDetail("ready", ready)
			.withDetail("waiting", snapshot.waiting())
			.withDetail("queueCapacity", snapshot.queueCapacity());
		if (snapshot.degradation() != null) {
			builder.withDetail("degraded", IpcEndpoint.firstLine(snapshot.degradation()));
		}
	}

}
