package io.ipcboot.process;

import java.time.Duration;
import java.util.Optional;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * How a parent asks a worker to leave. It says how long that may take, so that the worker
 * does not give up earlier than its parent.
 */
public final class Leave {

	private static final DurationHeader GRACE = new DurationHeader(FrameType.DRAIN, "grace");

	private Leave() {
	}

	/**
	 * Return the frame to send.
	 * @param grace how long the worker has before it is killed
	 * @return the frame
	 */
	public static Frame within(Duration grace) {
		return GRACE.frame(grace);
	}

	/**
	 * Read the frame that a parent has sent.
	 * @param frame the frame
	 * @return how long this process has, if the parent says so
	 */
	public static Optional<Duration> graceOf(Frame frame) {
		return GRACE.read(frame);
	}

}
