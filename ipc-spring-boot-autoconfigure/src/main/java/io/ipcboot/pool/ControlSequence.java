package io.ipcboot.pool;

import java.util.EnumSet;
import java.util.Set;

import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.MalformedFrameException;

/**
 * Tells whether a worker may send a control frame now. HELLO comes first, READY, DRAIN
 * and BYE come once each, and a PONG comes for each PING. Safe for use by several
 * threads.
 */
final class ControlSequence {

	private static final Set<FrameType> ONCE = EnumSet.of(FrameType.HELLO, FrameType.READY, FrameType.DRAIN,
			FrameType.BYE);

	private final Set<FrameType> received = EnumSet.noneOf(FrameType.class);

	private long pings;

	private long pongs;

	/** Note that a PING is about to be sent. */
	synchronized void pinged() {
		this.pings++;
	}

	/** Return how many times the worker answered a PING. */
	synchronized long pongs() {
		return this.pongs;
	}

	/** Return whether a frame of a type that comes once was received. */
	synchronized boolean hasReceived(FrameType type) {
		return this.received.contains(type);
	}

	/**
	 * Note that a frame was received.
	 * @throws MalformedFrameException if it must not come now
	 */
	synchronized void check(FrameType type) throws MalformedFrameException {
		if (type == FrameType.PONG) {
			require(this.pongs < this.pings, type, "without a PING");
			this.pongs++;
			return;
		}
		require(ONCE.contains(type), type, "from a worker");
		require(this.received.add(type), type, "for the second time");
		// a process that does not understand HELLO leaves without an answer
		require(type == FrameType.BYE || this.received.contains(FrameType.HELLO), type, "before HELLO");
	}

	private static void require(boolean valid, FrameType type, String problem) throws MalformedFrameException {
		if (!valid) {
			throw new MalformedFrameException("%s %s".formatted(type, problem));
		}
	}

}
