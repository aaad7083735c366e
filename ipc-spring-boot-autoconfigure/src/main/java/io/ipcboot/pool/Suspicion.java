package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a pool are suspected to kill workers. Safe for concurrent use.
 */
final class Suspicion {

	private final String pool;

	private final Quarantine quarantine;

	Suspicion(String pool, Quarantine quarantine) {
		this.pool = pool;
		this.quarantine = quarantine;
	}

	/**
	 * Return why a message is refused.
	 * @return the entry, or {@code null} if the message may run
	 */
	Quarantine.@Nullable Entry check(Exchange exchange) {
		return this.quarantine.check(() -> fingerprint(exchange));
	}

	/**
	 * Whatever had a message is gone.
	 * @return the entry if the message is refused from now on
	 */
	Quarantine.@Nullable Entry lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		boolean crash = mayHaveStarted && cause instanceof WorkerLostException loss && loss.isCrash()
				&& !isBystander(exchange, loss);
		return crash ? this.quarantine.died(fingerprint(exchange), cause.getPeer()) : null;
	}

	/**
	 * A worker has ended while a listener had a one-way message.
	 * @return the entry if the message is refused from now on
	 */
	Quarantine.@Nullable Entry fatal(Exchange exchange, IpcException cause) {
		// a worker is only killed at a deadline for a call that did not stop
		boolean bystander = cause instanceof WorkerLostException loss && loss.getLossCause() == LossCause.DEADLINE;
		return bystander ? null : lost(exchange, true, cause);
	}

	/** Whether the worker was killed because of the overdue calls of others. */
	private static boolean isBystander(Exchange exchange, WorkerLostException loss) {
		return loss.getLossCause() == LossCause.DEADLINE && !exchange.isDone();
	}

	/**
	 * @throws QuarantinedException if the message must not run
	 */
	void refuse(Exchange exchange) {
		Quarantine.Entry entry = check(exchange);
		if (entry != null) {
			throw refusal(entry);
		}
	}

	QuarantinedException refusal(Quarantine.Entry entry) {
		return new QuarantinedException(this.pool, entry.destination(), entry.id(), entry.deaths(),
				entry.remaining().toSeconds());
	}

	private static Fingerprint fingerprint(Exchange exchange) {
		return Fingerprint.of(exchange.destination(), exchange.key(), exchange.payload());
	}

}
