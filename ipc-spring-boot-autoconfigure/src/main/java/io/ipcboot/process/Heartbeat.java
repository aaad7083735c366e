package io.ipcboot.process;

import java.time.Duration;
import java.util.Optional;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * How a parent asks a worker for a sign of life, which is one itself.
 */
public final class Heartbeat {

	private static final DurationHeader TIMEOUT = new DurationHeader(FrameType.PING, "timeout");

	private Heartbeat() {
	}

	/**
	 * Return the frame to send.
	 * @param timeout how soon the next one follows at the latest
	 * @return the frame
	 */
	public static Frame within(Duration timeout) {
		return TIMEOUT.frame(timeout);
	}

	/**
	 * Read the frame that a parent has sent.
	 * @param frame the frame
	 * @return how soon the next one follows, if the parent says so
	 */
	public static Optional<Duration> timeoutOf(Frame frame) {
		return TIMEOUT.read(frame);
	}

}
