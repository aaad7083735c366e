package io.ipcboot.pool;

import java.util.List;
import java.util.function.BooleanSupplier;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.messaging.Exchange;

/**
 * Sends messages to the members that were chosen for them. What waits is sent by one
 * thread at a time, or the order would be lost, and that one is never held up by a member
 * that does not read. Safe for concurrent use; nothing is sent with the lock of the
 * {@link Traffic} held.
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
	 * Become the one who sends what waits, and then calls {@link #run}. To be called with
	 * the lock held.
	 * @return {@code false} if somebody else does
	 */
	boolean claim() {
		boolean free = !this.pumping;
		this.pumping = true;
		return free;
	}

	/**
	 * Send what waits, as far as there is room.
	 */
	void pump() {
		if (this.traffic.claimPump()) {
			run();
		}
	}

	/**
	 * Send what waits, on another thread.
	 */
	void pumpElsewhere() {
		this.loop.offload(this::pump);
	}

	/**
	 * Send what waits, as the one who has claimed to.
	 */
	void run() {
		Traffic.Placed next;
		while ((next = this.traffic.nextWaiting()) != null) {
			Traffic.Placed placed = next;
			try {
				transmit(placed.seat(), placed.exchange(), () -> placed.seat().member().offer(placed.exchange()));
			}
			catch (RuntimeException | Error ex) {
				placed.exchange().fail(ex);
			}
		}
	}

	/**
	 * Send a message, which may take until the member has read others. If it has just
	 * died or leaves, the message waits for another one.
	 * @throws io.ipcboot.channel.IpcException if it was not admitted
	 */
	void transmit(Seat seat, Exchange exchange) {
		transmit(seat, exchange, () -> {
			seat.member().transmit(exchange);
			return true;
		});
	}

	/** The transmission returns whether the message was admitted now. */
	private void transmit(Seat seat, Exchange exchange, BooleanSupplier transmission) {
		try {
			if (!transmission.getAsBoolean()) {
				this.traffic.postpone(exchange);
			}
		}
		catch (ChannelClosedException ex) {
			this.traffic.close(seat);
			if (!this.traffic.giveBack(exchange)) {
				throw ex;
			}
		}
		catch (RuntimeException | Error ex) {
			this.traffic.released(List.of(exchange));
			throw ex;
		}
	}

}
