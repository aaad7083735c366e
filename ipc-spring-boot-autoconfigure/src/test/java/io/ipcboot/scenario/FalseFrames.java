package io.ipcboot.scenario;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * Frames of a worker that lies: each is valid, and may come, but says what is not so. The
 * same seed gives the same frames for the same calls.
 */
final class FalseFrames {

	private static final List<FrameType> TYPES = List.of(FrameType.REPLY, FrameType.FAILURE, FrameType.STARTED,
			FrameType.MESSAGE, FrameType.CALL, FrameType.CANCEL, FrameType.URGENT);

	private static final List<String> DESTINATIONS = List.of("text", "later", "fails", "nobody", "ipc.server.listen",
			"ipc.server.retire", "ipc.server.join", "ipc.pools.send", "\u001b[2J", "a\r\nERROR b");

	private static final List<String> NAMES = List.of("reason", "type", "message", "stack", "pool", "protocol", ":pool",
			":to", ":one-way", ":key", ":idempotent", ":from", ":within", ":refused-handle", "a\nb");

	private final Random random;

	FalseFrames(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * Return the next frame; messages and calls have a destination, and get their id when
	 * they are sent.
	 * @param lastCall the id of the last call that the worker has got
	 */
	Frame next(long lastCall) {
		FrameType type = pick(TYPES);
		boolean ordered = type == FrameType.MESSAGE || type == FrameType.CALL;
		long id = switch (type) {
			case MESSAGE, CALL, URGENT -> 0;
			case CANCEL -> this.random.nextInt(100);
			default -> this.random.nextLong(lastCall + 1);
		};
		Map<String, String> headers = headers();
		if (type == FrameType.URGENT) {
			headers.put(":destination", pick(DESTINATIONS));
		}
		return new Frame(type, id, ordered ? pick(DESTINATIONS) : "", pick(Arrays.asList(Content.values())), headers,
				payload(), remaining(), null);
	}

	private Map<String, String> headers() {
		Map<String, String> headers = new LinkedHashMap<>();
		for (int left = this.random.nextInt(5); left > 0; left--) {
			headers.put(pick(NAMES), text());
		}
		return headers;
	}

	private String text() {
		return switch (this.random.nextInt(8)) {
			case 0 -> "x".repeat(this.random.nextInt(10_000));
			case 1 -> "HANDLER";
			case 2 -> "NO_LISTENER";
			case 3 -> Long.toString(this.random.nextLong());
			case 4 -> this.random.nextInt(10) + " text";
			case 5 -> "\u001b]0;owned\u0007\r\n2026-01-01 ERROR forged";
			case 6 -> "\tat a.b(C.java:1)\n".repeat(this.random.nextInt(500));
			default -> "default";
		};
	}

	private byte[] payload() {
		String text = switch (this.random.nextInt(5)) {
			case 0 -> "\"text\"";
			case 1 -> "[".repeat(this.random.nextInt(5000));
			case 2 -> "{\"connector\":" + this.random.nextInt() + ",\"host\":\"" + ":".repeat(this.random.nextInt(5000))
					+ "\",\"port\":1,\"backlog\":-1}";
			case 3 -> "9".repeat(this.random.nextInt(5000));
			default -> "";
		};
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private long remaining() {
		return switch (this.random.nextInt(4)) {
			case 0 -> 1;
			case 1 -> Long.MAX_VALUE;
			default -> 0;
		};
	}

	private <T> T pick(List<T> choices) {
		return choices.get(this.random.nextInt(choices.size()));
	}

}
