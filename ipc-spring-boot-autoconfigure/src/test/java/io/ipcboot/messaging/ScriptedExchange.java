package io.ipcboot.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A real exchange, and what its caller and its peer do with it when a test says so.
 */
public final class ScriptedExchange {

	private final Exchange exchange;

	private @Nullable ScriptedDelivery route;

	private int outcomes;

	private boolean maybeStarted;

	private final boolean idempotent;

	private ScriptedExchange(FrameType type, String destination, String payload, @Nullable String key,
			boolean idempotent, Duration timeout, ExchangeOwner owner) {
		this(type, destination, payload, key, idempotent, timeout, owner, null);
	}

	private ScriptedExchange(FrameType type, String destination, String payload, @Nullable String key,
			boolean idempotent, Duration timeout, ExchangeOwner owner, @Nullable Handle handle) {
		Frame frame = new Frame(type, 0, destination, Content.BYTES, Map.of(), payload.getBytes(StandardCharsets.UTF_8),
				0, handle);
		OutgoingMessage message = new OutgoingMessage(destination, payload, null, Map.of(), null, false, null, key,
				idempotent);
		this.idempotent = idempotent;
		this.exchange = new Exchange(frame, message, timeout, owner, false);
		this.exchange.outcome().whenComplete((reply, ex) -> this.outcomes++);
	}

	public static ScriptedExchange call(String payload, @Nullable String key, boolean idempotent, ExchangeOwner owner) {
		return new ScriptedExchange(FrameType.CALL, "work", payload, key, idempotent, Duration.ofHours(1), owner);
	}

	public static ScriptedExchange callTo(String destination, ExchangeOwner owner) {
		return new ScriptedExchange(FrameType.CALL, destination, "payload", null, false, Duration.ofHours(1), owner);
	}

	public static ScriptedExchange message(String payload, @Nullable String key, ExchangeOwner owner) {
		return new ScriptedExchange(FrameType.MESSAGE, "work", payload, key, false, Duration.ZERO, owner);
	}

	/** A one-way message with a handle, which the exchange owns. */
	public static ScriptedExchange handle(Handle handle, @Nullable String key, ExchangeOwner owner) {
		return new ScriptedExchange(FrameType.MESSAGE, "socket", "", key, false, Duration.ZERO, owner, handle);
	}

	public Exchange exchange() {
		return this.exchange;
	}

	public CompletableFuture<?> outcome() {
		return this.exchange.outcome();
	}

	public int outcomes() {
		return this.outcomes;
	}

	/** The caller's time is over. */
	public void timeOut() {
		this.exchange.timeOut();
	}

	/** The caller does not want it any more. */
	public void cancel() {
		this.exchange.cancel();
	}

	/**
	 * Put it on its way, as {@link Peer#transmit} does.
	 * @return whether it is wanted
	 */
	public boolean begin(PeerId peer) {
		if (this.maybeStarted && !this.idempotent) {
			throw new AssertionError("A listener may have seen it already");
		}
		ScriptedDelivery next = new ScriptedDelivery(peer);
		this.route = next;
		return this.exchange.begin(next);
	}

	/** The peer has it, so it cannot be taken back. */
	public void written() {
		route().written = true;
	}

	/** Whether it was taken back. */
	public boolean isWithdrawn() {
		return route().withdrawn;
	}

	/** Whether the peer was asked to give it back. */
	public boolean isRecalled() {
		return route().recalled;
	}

	/** Whether the peer was asked to stop. */
	public boolean isCancelled() {
		return route().cancelled;
	}

	/** A listener of the peer has the one-way message. */
	public void delivered() {
		this.exchange.started();
		this.exchange.released();
		this.exchange.delivered();
	}

	/** The peer answers, perhaps late. */
	public void answered() {
		this.exchange.released();
		if (!this.exchange.isDone()) {
			this.exchange.replied(Content.BYTES, new byte[0]);
		}
	}

	/** The peer is gone, or gives it back. */
	public void lost(boolean mayHaveStarted, IpcException cause) {
		this.maybeStarted |= mayHaveStarted;
		if (!this.exchange.handOver(mayHaveStarted, cause)) {
			this.exchange.fail(cause);
		}
	}

	private ScriptedDelivery route() {
		if (this.route == null) {
			throw new IllegalStateException("It was not sent");
		}
		return this.route;
	}

	private static final class ScriptedDelivery implements Delivery {

		private final PeerId peer;

		private boolean written;

		private boolean withdrawn;

		private boolean cancelled;

		private boolean recalled;

		private ScriptedDelivery(PeerId peer) {
			this.peer = peer;
		}

		@Override
		public PeerId peer() {
			return this.peer;
		}

		@Override
		public boolean withdraw() {
			this.withdrawn = !this.written;
			return this.withdrawn;
		}

		@Override
		public void recall() {
			this.recalled = true;
		}

		@Override
		public boolean cancel() {
			this.cancelled = this.written;
			return withdraw();
		}

	}

}
