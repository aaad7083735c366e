package io.ipcboot.process;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.UntrustedText;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The first frame that a parent sends: the identity and the settings of the worker.
 * Values that other users must not see travel in this frame, and not on the command line.
 *
 * @param pool the pool, or {@code null} if the worker belongs to none
 * @param slot the slot in the pool, or -1
 * @param parentPid the process id of the parent
 * @param limits limits of the channel
 * @param callTimeout how long the worker's calls to the parent may take by default
 * @param drainTimeout how long the worker may take to finish what it started when it is
 * asked to end
 * @param concurrency how many messages the worker's listeners take at a time by default
 * @param acceptHandles whether the parent accepts handles from the worker
 * @param pools the pools of the parent to which the worker can send, and how long a call
 * to each may take by default
 * @param profiles profiles to activate, the last one wins
 * @param properties properties of the worker's environment
 */
public record Hello(@Nullable String pool, int slot, long parentPid, ChannelOptions limits, Duration callTimeout,
		Duration drainTimeout, int concurrency, boolean acceptHandles, Map<String, Duration> pools,
		List<String> profiles, Map<String, String> properties) {

	/** The version of the protocol that this code speaks. */
	public static final int PROTOCOL = 1;

	/** The header with the number of the worker's slot. */
	static final String SLOT = "slot";

	private static final String POOL_PREFIX = "call-timeout.";

	private static final String PROPERTY_PREFIX = "property.";

	/**
	 * Return the frame to send.
	 * @param ledger where the worker notes what it started, or {@code null}
	 * @return the frame
	 */
	public Frame toFrame(@Nullable Handle ledger) {
		Map<String, String> headers = new LinkedHashMap<>();
		headers.put("protocol", Integer.toString(PROTOCOL));
		if (this.pool != null) {
			headers.put("pool", this.pool);
		}
		headers.put(SLOT, Integer.toString(this.slot));
		headers.put("parent-pid", Long.toString(this.parentPid));
		headers.put("max-frame-size", Integer.toString(this.limits.maxFrameSize()));
		headers.put("backlog", Integer.toString(this.limits.backlog()));
		headers.put("send-timeout", this.limits.sendTimeout().toString());
		headers.put("call-timeout", this.callTimeout.toString());
		headers.put("drain-timeout", this.drainTimeout.toString());
		headers.put("concurrency", Integer.toString(this.concurrency));
		headers.put("accept-handles", Boolean.toString(this.acceptHandles));
		this.pools.forEach((name, timeout) -> headers.put(POOL_PREFIX + name, timeout.toString()));
		headers.put("profiles", String.join(",", this.profiles));
		this.properties.forEach((name, value) -> headers.put(PROPERTY_PREFIX + name, value));
		return new Frame(FrameType.HELLO, 0, "", Content.NULL, headers, new byte[0], 0, ledger);
	}

	/**
	 * Return the frame that a worker answers with.
	 * @param pid the process id of the worker
	 * @return the frame
	 */
	public static Frame answer(long pid) {
		return Frame.control(FrameType.HELLO, 0,
				Map.of("protocol", Integer.toString(PROTOCOL), "pid", Long.toString(pid)));
	}

	/**
	 * Check the answer of a worker.
	 * @param frame the frame
	 * @return what is wrong with it, or {@code null}
	 */
	public static @Nullable String problemOf(Frame frame) {
		String version = frame.headers().get("protocol");
		return Integer.toString(PROTOCOL).equals(version) ? null
				: "it speaks version %s of the protocol, this process version %d".formatted(UntrustedText.line(version),
						PROTOCOL);
	}

	/**
	 * Read the frame that a parent sent.
	 * @param frame the frame
	 * @return the content of the frame
	 * @throws IllegalArgumentException if the frame is not a HELLO frame, or has another
	 * version
	 */
	public static Hello from(Frame frame) {
		Map<String, String> headers = frame.headers();
		if (frame.type() != FrameType.HELLO || !Integer.toString(PROTOCOL).equals(headers.get("protocol"))) {
			throw new IllegalArgumentException("The parent speaks version %s of the protocol, this process version %d; "
				.formatted(headers.get("protocol"), PROTOCOL) + "both must use the same version of the library");
		}
		Map<String, Duration> pools = new LinkedHashMap<>();
		Map<String, String> properties = new LinkedHashMap<>();
		headers.forEach((name, value) -> {
			if (name.startsWith(POOL_PREFIX)) {
				pools.put(name.substring(POOL_PREFIX.length()), Duration.parse(value));
			}
			if (name.startsWith(PROPERTY_PREFIX)) {
				properties.put(name.substring(PROPERTY_PREFIX.length()), value);
			}
		});
		String profiles = headers.getOrDefault("profiles", "");
		return new Hello(headers.get("pool"), Integer.parseInt(headers.getOrDefault(SLOT, "-1")),
				Long.parseLong(headers.getOrDefault("parent-pid", "-1")),
				new ChannelOptions(Integer.parseInt(headers.getOrDefault("max-frame-size", "16777216")),
						Integer.parseInt(headers.getOrDefault("backlog", "1048576")),
						Duration.parse(headers.getOrDefault("send-timeout", "PT30S"))),
				Duration.parse(headers.getOrDefault("call-timeout", "PT30S")),
				Duration.parse(headers.getOrDefault("drain-timeout", "PT20S")),
				Integer.parseInt(headers.getOrDefault("concurrency", "1")),
				Boolean.parseBoolean(headers.getOrDefault("accept-handles", "false")), pools,
				profiles.isEmpty() ? List.of() : List.of(profiles.split(",")), properties);
	}

}
