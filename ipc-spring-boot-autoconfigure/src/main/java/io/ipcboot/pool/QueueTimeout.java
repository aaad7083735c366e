package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.pool.SupervisorLoop.Alarm;

/**
 * How long a message may wait for a seat. Safe for concurrent use.
 */
final class QueueTimeout {

	private final Map<Exchange, Alarm> alarms = new ConcurrentHashMap<>();

	private final String pool;

	private final Duration timeout;

	private final SupervisorLoop loop;

	/**
	 * @param timeout how long; zero for as long as the message has
	 */
	QueueTimeout(String pool, Duration timeout, SupervisorLoop loop) {
		this.pool = pool;
		this.timeout = timeout;
		this.loop = loop;
	}

	/**
	 * Fail a message when its time is over.
	 * @param leave takes it out of the line; {@code false} if it does not wait any more
	 */
	void watch(Exchange exchange, BooleanSupplier leave) {
		if (!this.timeout.isZero()) {
			this.alarms.computeIfAbsent(exchange,
					(waiting) -> this.loop.schedule(() -> expire(waiting, leave), this.timeout));
		}
	}

	/** It does not wait any more. */
	void forget(Exchange exchange) {
		Alarm alarm = this.timeout.isZero() ? null : this.alarms.remove(exchange);
		if (alarm != null) {
			alarm.cancel();
		}
	}

	private void expire(Exchange exchange, BooleanSupplier leave) {
		this.alarms.remove(exchange);
		if (leave.getAsBoolean()) {
			Exchanges.failAll(List.of(exchange), () -> new PoolSaturatedException(this.pool,
					"no worker had room for the message within %,d ms".formatted(this.timeout.toMillis())));
		}
	}

}
