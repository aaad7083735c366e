package io.ipcboot.process;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * How a parent asks a worker to leave. It says how long that may take, so that the worker
 * does not give up earlier than its parent.
 */
public final class Leave {

	private static final String GRACE = "grace";

	private Leave() {
	}

	/**
	 * Return the frame to send.
	 * @param grace how long the worker has before it is killed
	 * @return the frame
	 */
	public static Frame within(Duration grace) {
		return Frame.control(FrameType.DRAIN, 0, Map.of(GRACE, grace.toString()));
	}

	/**
	 * Read the frame that a parent has sent.
	 * @param frame the frame
	 * @return how long this process has, if the parent says so
	 */
	public static Optional<Duration> graceOf(Frame frame) {
		try {
			return Optional.ofNullable(frame.headers().get(GRACE)).map(Duration::parse);
		}
		catch (DateTimeParseException ex) {
			return Optional.empty();
		}
	}

}
