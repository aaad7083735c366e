package io.ipcboot.process;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * How a parent asks a worker for a sign of life, which is one itself.
 */
public final class Heartbeat {

	private static final String TIMEOUT = "timeout";

	private Heartbeat() {
	}

	/**
	 * Return the frame to send.
	 * @param timeout how soon the next one follows at the latest
	 * @return the frame
	 */
	public static Frame within(Duration timeout) {
		return Frame.control(FrameType.PING, 0, Map.of(TIMEOUT, timeout.toString()));
	}

	/**
	 * Read the frame that a parent has sent.
	 * @param frame the frame
	 * @return how soon the next one follows, if the parent says so
	 */
	public static Optional<Duration> timeoutOf(Frame frame) {
		try {
			return Optional.ofNullable(frame.headers().get(TIMEOUT)).map(Duration::parse);
		}
		catch (DateTimeParseException ex) {
			return Optional.empty();
		}
	}

}
