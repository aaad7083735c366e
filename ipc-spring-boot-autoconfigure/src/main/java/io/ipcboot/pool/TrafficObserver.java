package io.ipcboot.pool;

import io.ipcboot.messaging.Exchange;

/**
 * Is told what happens to the messages of a pool, as far as it concerns supervision. Must
 * not block.
 */
interface TrafficObserver {

	/** A seat has finished with a message. */
	void served(Seat seat);

	/** A caller has given up on a call that a seat still has. */
	void overdue(Seat seat, Exchange exchange);

	/** A message is refused from now on. */
	void suspected(Quarantine.Entry entry);

}
