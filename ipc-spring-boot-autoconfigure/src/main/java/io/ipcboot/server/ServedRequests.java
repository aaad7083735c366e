package io.ipcboot.server;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What this process does to every request that it serves.
 */
public final class ServedRequests {

	/** Request attribute that says which process serves: its place in a pool, and pid. */
	public static final String PROCESS = "ipc.process";

	private final ServerDeparture departure;

	private final Supplier<String> identity;

	private final @Nullable String header;

	private final RequestLimits limits;

	/**
	 * Create the rules.
	 * @param departure knows whether this process leaves
	 * @param identity says which process this is; a spare worker gets its slot later
	 * @param header the name of a response header that tells clients so, if any
	 * @param limits how much is served
	 */
	public ServedRequests(ServerDeparture departure, Supplier<String> identity, @Nullable String header,
			RequestLimits limits) {
		this.departure = departure;
		this.identity = identity;
		this.header = header;
		this.limits = limits;
	}

	String identity() {
		return this.identity.get();
	}

	@Nullable String header() {
		return this.header;
	}

	RequestLimits limits() {
		return this.limits;
	}

	/**
	 * Whether no request is being served.
	 * @return {@code false} as long as a request has begun and not ended
	 */
	public boolean isIdle() {
		return this.limits.inProgress() == 0;
	}

	/** Whether a response has to end its connection, where the protocol has a header. */
	boolean isLast(String protocol) {
		return this.departure.isLeaving() && protocol.startsWith("HTTP/1");
	}

}
