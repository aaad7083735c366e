package io.ipcboot.channel;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Frames that a reader takes, and that make no sense: any type at any time, ids of what
 * was never sent, headers that say something else. The same seed gives the same frames.
 */
public final class RandomFrames {

	/** {@link FrameType#NAME} is left out, as it only makes readers end. */
	private static final List<FrameType> TYPES = Arrays.stream(FrameType.values())
		.filter((type) -> type != FrameType.NAME)
		.toList();

	private static final List<String> NAMES = List.of("protocol", "pool", "slot", "parent-pid", "max-frame-size",
			"backlog", "send-timeout", "call-timeout", "concurrency", "profiles", "grace", "timeout", "reason", "type",
			"message", "stack", "heap", "concurrency.echo", Frame.REFUSED_HANDLE);

	private static final List<String> VALUES = List.of("", "0", "1", "-1", "99999999999999999999", "PT1S", "PT-1S",
			"true", "NO_LISTENER", "HANDLER", "\u0000", "{}");

	private final List<String> destinations;

	private final Random random;

	private long lastId;

	/**
	 * @param destinations where messages and calls go
	 */
	public RandomFrames(long seed, List<String> destinations) {
		this.random = new Random(seed);
		this.destinations = destinations;
	}

	private Frame next() {
		FrameType type = pick(TYPES);
		if ((type == FrameType.BYE || type == FrameType.DRAIN) && this.random.nextInt(20) > 0) {
			// or nothing would ever come after it
			type = FrameType.CALL;
		}
		return new Frame(type, id(type), "", pick(Arrays.asList(Content.values())), headers(), payload(), remaining(),
				null);
	}

	/** The next frame as it travels. */
	public byte[] nextBytes() {
		return WireFrame.of(next()).bytes();
	}

	private long id(FrameType type) {
		boolean sensible = this.random.nextInt(200) > 0;
		return (type.isOrdered() && sensible) ? ++this.lastId : this.random.nextInt(60);
	}

	private Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		if (this.random.nextInt(10) > 0) {
			headers.put(DestinationNames.HEADER, pick(this.destinations));
		}
		for (int left = this.random.nextInt(4); left > 0; left--) {
			headers.put(pick(NAMES), pick(VALUES));
		}
		return headers;
	}

	private byte[] payload() {
		byte[] bytes = switch (this.random.nextInt(4)) {
			case 0 -> "\"text\"".getBytes(StandardCharsets.UTF_8);
			case 1 -> "{\"a\":[1,2".getBytes(StandardCharsets.UTF_8);
			case 2 -> new byte[0];
			default -> new byte[this.random.nextInt(500)];
		};
		if (this.random.nextBoolean()) {
			this.random.nextBytes(bytes);
		}
		return bytes;
	}

	private long remaining() {
		return switch (this.random.nextInt(4)) {
			case 0 -> 1;
			case 1 -> 1_000_000_000;
			default -> 0;
		};
	}

	private <T> T pick(List<T> choices) {
		return choices.get(this.random.nextInt(choices.size()));
	}

}
