package io.ipcboot.process;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * The frames with which a parent and its worker control each other after {@link Hello}. A
 * method that makes a frame is named after the frame's type on the wire.
 */
public final class ControlFrames {

	private static final String GRACE = "grace";

	private static final String TIMEOUT = "timeout";

	private static final String HEAP_AFTER_COLLECTION = "heap-after-collection";

	private static final String CONCURRENCY_PREFIX = "concurrency.";

	private static final String REASON = "reason";

	private static final String UNFINISHED = "unfinished";

	private ControlFrames() {
	}

	/**
	 * Return the frame with which a parent asks a worker to leave. The frame contains the
	 * time that leaving may take, so that the worker does not give up earlier than its
	 * parent.
	 * @param grace how long the worker has before it is killed
	 * @return the frame
	 */
	public static Frame drain(Duration grace) {
		return Frame.control(FrameType.DRAIN, 0, Map.of(GRACE, grace.toString()));
	}

	/**
	 * Return the frame with which a worker announces that it leaves.
	 * @return the frame
	 */
	public static Frame drain() {
		return Frame.control(FrameType.DRAIN, 0, Map.of());
	}

	/**
	 * Read a DRAIN frame of a parent.
	 * @param drain the frame
	 * @return how long the worker has, if the frame contains that
	 */
	public static Optional<Duration> graceOf(Frame drain) {
		return duration(drain, GRACE);
	}

	/**
	 * Return the frame with which a parent asks a worker for a sign of life. The frame is
	 * itself a sign of life of the parent.
	 * @param timeout how soon the next PING follows at the latest
	 * @return the frame
	 */
	public static Frame ping(Duration timeout) {
		return Frame.control(FrameType.PING, 0, Map.of(TIMEOUT, timeout.toString()));
	}

	/**
	 * Read a PING frame.
	 * @param ping the frame
	 * @return how soon the next PING follows, if the frame contains that
	 */
	public static Optional<Duration> timeoutOf(Frame ping) {
		return duration(ping, TIMEOUT);
	}

	/**
	 * Return the frame with which a worker answers a PING.
	 * @param heapAfterCollection how much of the worker's heap survived a collection, in
	 * bytes
	 * @return the frame
	 */
	public static Frame pong(long heapAfterCollection) {
		return Frame.control(FrameType.PONG, 0, Map.of(HEAP_AFTER_COLLECTION, Long.toString(heapAfterCollection)));
	}

	/**
	 * Read a PONG frame.
	 * @param pong the frame
	 * @return how much of the worker's heap survived a collection, in bytes; 0 if the
	 * frame does not contain that
	 */
	public static long heapAfterCollectionOf(Frame pong) {
		try {
			return Long.parseLong(pong.headers().getOrDefault(HEAP_AFTER_COLLECTION, "0"));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	/**
	 * Return the frame with which a worker reports that it takes messages, and which of
	 * its listeners have a concurrency of their own.
	 * @param concurrencies destinations and how many calls their listeners take at a time
	 * @return the frame
	 */
	public static Frame ready(Map<String, Integer> concurrencies) {
		Map<String, String> headers = new HashMap<>();
		concurrencies.forEach((destination, limit) -> headers.put(CONCURRENCY_PREFIX + destination, limit.toString()));
		return Frame.control(FrameType.READY, 0, headers);
	}

	/**
	 * Read a READY frame.
	 * @param ready the frame
	 * @return destinations and how many calls their listeners take at a time; values that
	 * make no sense are left out
	 */
	public static Map<String, Integer> concurrenciesOf(Frame ready) {
		Map<String, Integer> concurrencies = new HashMap<>();
		ready.headers().forEach((name, value) -> {
			if (name.startsWith(CONCURRENCY_PREFIX) && value.matches("[1-9]\\d{0,5}")) {
				concurrencies.put(name.substring(CONCURRENCY_PREFIX.length()), Integer.valueOf(value));
			}
		});
		return Map.copyOf(concurrencies);
	}

	/**
	 * Return the frame with which a parent gives a spare a slot.
	 * @param slot the number of the slot
	 * @return the frame
	 */
	public static Frame assign(int slot) {
		return Frame.control(FrameType.ASSIGN, 0, Map.of(Hello.SLOT, Integer.toString(slot)));
	}

	/**
	 * Read an ASSIGN frame.
	 * @param assign the frame
	 * @return the number of the slot, -1 if the frame has none
	 */
	public static int slotOf(Frame assign) {
		return Integer.parseInt(assign.headers().getOrDefault(Hello.SLOT, "-1"));
	}

	/**
	 * Return the last frame of a worker.
	 * @param reason what failed if that is why the worker leaves, or {@code null}
	 * @param finished whether no listener is running any more
	 * @return the frame
	 */
	public static Frame bye(@Nullable String reason, boolean finished) {
		Map<String, String> headers = new HashMap<>();
		if (reason != null) {
			headers.put(REASON, reason);
		}
		if (!finished) {
			headers.put(UNFINISHED, "true");
		}
		return Frame.control(FrameType.BYE, 0, headers);
	}

	/**
	 * Read a BYE frame.
	 * @param bye the frame
	 * @return whether no listener was running any more
	 */
	public static boolean isFinished(Frame bye) {
		return !bye.headers().containsKey(UNFINISHED);
	}

	/**
	 * Read a BYE frame.
	 * @param bye the frame
	 * @return what failed, or {@code null}
	 */
	public static @Nullable String reasonOf(Frame bye) {
		String reason = bye.headers().get(REASON);
		return (reason != null) ? UntrustedText.indented(reason) : null;
	}

	private static Optional<Duration> duration(Frame frame, String header) {
		try {
			return Optional.ofNullable(frame.headers().get(header)).map(Duration::parse);
		}
		catch (DateTimeParseException ex) {
			return Optional.empty();
		}
	}

}
