package io.ipcboot.pool;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.messaging.Exchange;

/**
 * Sends messages to the members that were chosen for them. What waits is sent by one
 * thread at a time, or the order would be lost. Safe for concurrent use; nothing is sent
 * with the lock of the {@link Traffic} held.
 */
final class Forwarding {

	private final Traffic traffic;

	private final SupervisorLoop loop;

	/** Guarded by the lock of the traffic. */
	private boolean pumping;

	Forwarding(Traffic traffic, SupervisorLoop loop) {
		this.traffic = traffic;
		this.loop = loop;
	}

	/** Whether what waits is being sent. To be called with the lock held. */
	boolean isPumping() {
		return this.pumping;
	}

	/** To be called with the lock held. */
	void setPumping(boolean pumping) {
		this.pumping = pumping;
	}

	/**
	 * Send what waits, as far as there is room.
	 */
	void pump() {
		if (this.traffic.claimPump()) {
			pump(false);
		}
	}

	/**
	 * Send what waits, on another thread, as this one must not block.
	 */
	void pumpElsewhere() {
		this.loop.offload(this::pump);
	}

	private void pump(boolean mayBlock) {
		Traffic.Placed next;
		while ((next = this.traffic.nextWaiting()) != null) {
			Traffic.Placed placed = next;
			boolean mayWait = mayBlock && !placed.exchange().isCall();
			if (mayWait || placed.seat().member().isWritable()) {
				forward(placed);
			}
			else if (placed.exchange().isCall()) {
				// whoever does not read must not hold up the calls of others
				this.loop.offload(() -> forward(placed));
			}
			else {
				this.loop.offload(() -> {
					forward(placed);
					pump(true);
				});
				return;
			}
		}
	}

	private void forward(Traffic.Placed placed) {
		try {
			transmit(placed.seat(), placed.exchange());
		}
		catch (RuntimeException | Error ex) {
			placed.exchange().fail(ex);
		}
	}

	/**
	 * Send a message. If the member has just died or leaves, the message waits for
	 * another one.
	 * @throws io.ipcboot.channel.IpcException if it was not admitted
	 */
	void transmit(Seat seat, Exchange exchange) {
		try {
			seat.member().transmit(exchange);
		}
		catch (ChannelClosedException ex) {
			this.traffic.close(seat);
			if (!this.traffic.giveBack(exchange)) {
				throw ex;
			}
		}
		catch (RuntimeException | Error ex) {
			this.traffic.released(exchange);
			throw ex;
		}
	}

}
