package io.ipcboot.channel;

import java.time.Duration;

/**
 * Limits of a channel, the same in both directions.
 *
 * @param maxFrameSize the largest payload plus headers of one frame, in bytes
 * @param backlog how many bytes may wait to be written before senders have to wait
 * @param sendTimeout how long a sender waits when the backlog is full; zero to fail at
 * once
 */
public record ChannelOptions(int maxFrameSize, int backlog, Duration sendTimeout) {

	/** The defaults: 16 MB frames, 1 MB backlog, senders wait for up to 30 seconds. */
	public static final ChannelOptions DEFAULT = new ChannelOptions(16 * 1024 * 1024, 1024 * 1024,
			Duration.ofSeconds(30));

	/** How many characters the name of a destination may have. */
	public static final int MAX_DESTINATION_LENGTH = 1024;

	/**
	 * How many bytes of messages the receiver's dispatcher may have before it starts
	 * them.
	 */
	static final int WINDOW = 2 * 1024 * 1024;

	/**
	 * How many handles may be on their way, few enough to stay below any descriptor
	 * limit.
	 */
	static final int HANDLE_WINDOW = 64;

	public ChannelOptions {
		if (maxFrameSize < 1024) {
			throw new IllegalArgumentException("The maximum frame size must be at least 1 KB");
		}
		if (backlog < 1) {
			throw new IllegalArgumentException("The backlog must be positive");
		}
	}

	/**
	 * Check the name of a destination.
	 * @param destination the name
	 * @throws IllegalArgumentException if the name is empty, too long, or cannot be
	 * encoded
	 */
	public static void requireDestination(String destination) {
		if (destination.isEmpty()) {
			throw new IllegalArgumentException("The name of a destination must not be empty");
		}
		if (destination.length() > MAX_DESTINATION_LENGTH) {
			throw new IllegalArgumentException("The name of a destination must not have more than %d characters: %.40s…"
				.formatted(MAX_DESTINATION_LENGTH, destination));
		}
		WellFormedText.require("The name of a destination", destination);
	}

}
