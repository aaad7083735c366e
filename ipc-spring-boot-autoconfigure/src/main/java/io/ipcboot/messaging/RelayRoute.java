package io.ipcboot.messaging;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.BacklogFullException;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The route from a worker to a pool of its parent. Each message travels to the parent as
 * a call for {@value #DESTINATION}, whose reserved headers contain the pool and the
 * destination there; the payload is not touched. The answer of the parent is the outcome
 * that the message had in the pool.
 */
public final class RelayRoute implements Route {

	/** The destination of the parent for messages to its pools. */
	public static final String DESTINATION = "ipc.pools.send";

	/** Header with the name of the pool. */
	static final String POOL = ":pool";

	/** Header with the destination in the pool. */
	static final String TO = ":to";

	/** Header of a message that needs no reply. */
	static final String ONE_WAY = ":one-way";

	/** Header with the key of the message. */
	static final String KEY = ":key";

	/** Header of a message that may be handled twice. */
	static final String IDEMPOTENT = ":idempotent";

	/** Header of an answer with the process that the outcome comes from. */
	static final String FROM = ":from";

	/**
	 * How much longer than the deadline to wait for the parent, which knows which worker
	 * has the call.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final Peer parent;

	private final String pool;

	private final FailureFormat failures;

	private final Duration sendTimeout;

	/**
	 * Create a route.
	 * @param parent the parent
	 * @param pool the name of the pool
	 * @param failures reads the failures that the parent reports
	 * @param sendTimeout how long a sender waits while many messages are under way
	 */
	public RelayRoute(Peer parent, String pool, FailureFormat failures, Duration sendTimeout) {
		this.parent = parent;
		this.pool = pool;
		this.failures = failures;
		this.sendTimeout = sendTimeout;
	}

	/**
	 * Return whether a message would be sent without waiting.
	 * @return {@code false} if too many messages are under way, or the channel is full or
	 * closed
	 */
	public boolean isWritable() {
		return this.parent.channel().isWritable() && this.parent.relayShare().isRoomy();
	}

	@Override
	public String pool() {
		return this.pool;
	}

	@Override
	public Frame address(Frame frame, OutgoingMessage message, boolean waits) {
		Map<String, String> headers = new LinkedHashMap<>(frame.headers());
		headers.put(POOL, this.pool);
		headers.put(TO, frame.destination());
		if (frame.type() == FrameType.MESSAGE) {
			headers.put(ONE_WAY, "true");
		}
		if (message.key() != null) {
			headers.put(KEY, message.key());
		}
		if (message.idempotent()) {
			headers.put(IDEMPOTENT, "true");
		}
		Frame call = new Frame(FrameType.CALL, 0, DESTINATION, frame.content(), headers, frame.payload(), 0, null);
		return this.parent.address(call, message, waits);
	}

	@Override
	public void transmit(Exchange exchange) {
		acquire(exchange);
		try {
			this.parent.transmit(exchange);
		}
		catch (RuntimeException | Error ex) {
			release(exchange);
			throw ex;
		}
	}

	private void acquire(Exchange exchange) {
		RelayShare share = this.parent.relayShare();
		if (!share.tryAcquire(exchange.weight())) {
			IpcChannel.aboutToBlock();
			this.parent.channel().resumeReading();
			await(share, exchange);
		}
		exchange.attach(share);
	}

	private void await(RelayShare share, Exchange exchange) {
		long limit = TimeUnit.NANOSECONDS.convert(this.sendTimeout);
		long remaining = exchange.remaining();
		try {
			if (!share.acquire(exchange.weight(), (remaining != 0) ? Math.min(remaining, limit) : limit)) {
				throw (exchange.remaining() < 0)
						? new CallTimeoutException(null, exchange.destination(), exchange.timeout())
						: new BacklogFullException(this.parent.id(),
								"%,d messages and calls to pools, or %,d MB, are under way"
									.formatted(RelayShare.MAX_MESSAGES, RelayShare.MAX_BYTES >> 20));
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new CallInterruptedException(this.parent.id(), exchange.destination());
		}
	}

	/** Release the share of an exchange, unless that was done before. */
	private void release(Exchange exchange) {
		RelayShare held;
		synchronized (exchange) {
			held = (RelayShare) exchange.attachment();
			exchange.attach(null);
		}
		if (held != null) {
			held.release(exchange.weight());
		}
	}

	@Override
	public void requireOpen() {
		this.parent.requireOpen();
	}

	@Override
	public Duration patience() {
		return PATIENCE;
	}

	@Override
	public boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		release(exchange);
		return false;
	}

	@Override
	public void released(List<Exchange> exchanges) {
		exchanges.forEach(this::release);
	}

	@Override
	public @Nullable PeerId answerer(Frame answer, PeerId peer) {
		return peer(answer.headers().get(FROM));
	}

	@Override
	public @Nullable IpcException failure(Frame answer, @Nullable PeerId answerer) {
		return this.failures.read(answer.headers(), answerer);
	}

	/** Write an identity: process id, slot and, if there is one, the pool. */
	static String text(PeerId id) {
		return id.pid() + " " + id.slot() + ((id.pool() != null) ? " " + id.pool() : "");
	}

	private static @Nullable PeerId peer(@Nullable String text) {
		if (text == null) {
			return null;
		}
		String[] parts = text.split(" ", 3);
		return new PeerId((parts.length > 2) ? parts[2] : null, Integer.parseInt(parts[1]), Long.parseLong(parts[0]));
	}

}
