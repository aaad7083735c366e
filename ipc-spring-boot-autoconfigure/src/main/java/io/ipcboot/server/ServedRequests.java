package io.ipcboot.server;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What this process does to every request that it serves.
 */
public final class ServedRequests {

	/** The request attribute with the process that serves: its pool, slot and pid. */
	public static final String PROCESS = "ipc.process";

	private final ServerDeparture departure;

	private final Supplier<String> identity;

	private final @Nullable String header;

	private final RequestLimits limits;

	/**
	 * Create the rules.
	 * @param departure the departure of this process
	 * @param identity names this process; a spare worker gets its slot later
	 * @param header the name of a response header with the identity, if any
	 * @param limits how much this process serves
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
	 * @return {@code false} while a request has begun and not ended
	 */
	public boolean isIdle() {
		return this.limits.inProgress() == 0;
	}

	/**
	 * Whether a response has to end its connection, if its protocol has a header for
	 * that. The handshake of a websocket does not: its response names another meaning of
	 * the connection (RFC 6455, section 4.2.2).
	 * @param protocol the protocol of the request
	 * @param upgrade the request's header Upgrade
	 */
	boolean isLast(String protocol, @Nullable String upgrade) {
		return this.departure.isLeaving() && protocol.startsWith("HTTP/1") && !"websocket".equalsIgnoreCase(upgrade);
	}

}
