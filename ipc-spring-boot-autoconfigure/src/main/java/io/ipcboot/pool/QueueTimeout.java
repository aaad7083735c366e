package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Exchanges;

/**
 * How long a message may wait for a seat.
 */
final class QueueTimeout {

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
		if (this.timeout.isZero()) {
			return;
		}
		this.loop.schedule(() -> {
			if (leave.getAsBoolean()) {
				Exchanges.failAll(List.of(exchange), () -> new PoolSaturatedException(this.pool,
						"no worker had room for the message within %,d ms".formatted(this.timeout.toMillis())));
			}
		}, this.timeout);
	}

}
