package io.ipcboot.process;

import java.util.HashMap;
import java.util.Map;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * The frame with which a worker says that it takes messages, and which of its listeners
 * take more than one at a time.
 */
public final class Readiness {

	private static final String PREFIX = "concurrency.";

	private Readiness() {
	}

	/**
	 * Return the frame to send.
	 * @param concurrencies destinations and how many calls their listeners take at a time
	 * @return the frame
	 */
	public static Frame frame(Map<String, Integer> concurrencies) {
		Map<String, String> headers = new HashMap<>();
		concurrencies.forEach((destination, limit) -> headers.put(PREFIX + destination, limit.toString()));
		return Frame.control(FrameType.READY, 0, headers);
	}

	/**
	 * Read what a worker has sent.
	 * @param frame the frame
	 * @return destinations and how many calls their listeners take at a time; what makes
	 * no sense is left out
	 */
	public static Map<String, Integer> read(Frame frame) {
		Map<String, Integer> concurrencies = new HashMap<>();
		frame.headers().forEach((name, value) -> {
			if (name.startsWith(PREFIX) && value.matches("[1-9]\\d{0,5}")) {
				concurrencies.put(name.substring(PREFIX.length()), Integer.valueOf(value));
			}
		});
		return Map.copyOf(concurrencies);
	}

}
