package io.ipcboot.pool;

import java.util.List;
import java.util.function.BooleanSupplier;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Exchanges;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages to the members that were chosen for them. What waits is sent by one
 * thread at a time, or the order would be lost, and that one is never held up by a member
 * that does not read. Safe for concurrent use; nothing is sent with the lock, which is
 * that of the {@link Traffic}, held.
 */
final class Forwarding {

	private final BriefLock lock;

	private final Seating seating;

	private final Waiting waiting;

	private final Traffic traffic;

	private final SupervisorLoop loop;

	/** Written with the lock held, or by the one who sends when he cannot go on. */
	private volatile boolean pumping;

	Forwarding(BriefLock lock, Seating seating, Waiting waiting, Traffic traffic, SupervisorLoop loop) {
		this.lock = lock;
		this.seating = seating;
		this.waiting = waiting;
		this.traffic = traffic;
		this.loop = loop;
	}

	/** Whether what waits is being sent. To be called with the lock held. */
	boolean isPumping() {
		return this.pumping;
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
		if (this.lock.hold(this::claim)) {
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
		boolean finished = false;
		try {
			Placed next;
			while ((next = next()) != null) {
				forward(next);
			}
			// from here on somebody else may claim to send
			finished = true;
			watchCongested();
			this.traffic.checkIdle();
		}
		finally {
			if (!finished) {
				// or nobody would ever send again
				this.pumping = false;
			}
		}
	}

	private void forward(Placed placed) {
		try {
			transmit(placed.seat(), placed.exchange(), () -> placed.seat().member().offer(placed.exchange()));
		}
		catch (RuntimeException | Error ex) {
			Exchanges.failAll(List.of(placed.exchange()), () -> ex);
		}
	}

	/**
	 * Give the next message that waits to a seat.
	 * @return {@code null} if there is none or no room; then somebody else may claim to
	 * send
	 */
	private @Nullable Placed next() {
		return this.lock.hold(() -> {
			Exchange next = this.waiting.serve((exchange) -> this.seating.place(exchange) != null);
			Seat seat = (next != null) ? Seat.of(next) : null;
			this.pumping = (seat != null);
			return (next != null && seat != null) ? new Placed(next, seat) : null;
		});
	}

	/**
	 * Go on when those read again that have kept a message waiting.
	 */
	void watchCongested() {
		for (Seat seat : this.lock.hold(() -> this.waiting.isEmpty() ? List.<Seat>of() : this.seating.congested())) {
			seat.member().onWritable().thenRun(() -> {
				this.lock.hold(() -> {
					seat.unwatch();
					return true;
				});
				pumpElsewhere();
			});
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

	/** A message and the seat that gets it. */
	private record Placed(Exchange exchange, Seat seat) {

	}

}
