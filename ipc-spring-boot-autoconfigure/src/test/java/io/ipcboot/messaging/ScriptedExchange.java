package io.ipcboot.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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

	private @Nullable ScriptedDelivery delivery;

	private int outcomes;

	private boolean maybeStarted;

	private final boolean idempotent;

	private ScriptedExchange(FrameType type, String destination, String payload, @Nullable String key,
			boolean idempotent, Duration timeout, Route route) {
		this(type, destination, payload, key, idempotent, timeout, route, null, null, null);
	}

	private ScriptedExchange(FrameType type, String destination, String payload, @Nullable String key,
			boolean idempotent, Duration timeout, Route route, @Nullable Handle handle, @Nullable CallChain chain,
			@Nullable Object sender) {
		Frame frame = new Frame(type, 0, destination, Content.BYTES, Map.of(), payload.getBytes(StandardCharsets.UTF_8),
				0, handle);
		OutgoingMessage message = new OutgoingMessage(destination, payload, null, Map.of(), null, false, null, key,
				idempotent);
		this.idempotent = idempotent;
		this.exchange = new Exchange(frame, new byte[0], message, timeout, route, false,
				new ExchangeSender.Origin(chain, sender, null));
		this.exchange.outcome().whenComplete((reply, ex) -> this.outcomes++);
	}

	public static ScriptedExchange call(String payload, @Nullable String key, boolean idempotent, Route route) {
		return new ScriptedExchange(FrameType.CALL, "work", payload, key, idempotent, Duration.ofHours(1), route);
	}

	public static ScriptedExchange callWithin(Duration timeout, Route route) {
		return new ScriptedExchange(FrameType.CALL, "work", "payload", null, false, timeout, route);
	}

	public static ScriptedExchange callTo(String destination, Route route) {
		return new ScriptedExchange(FrameType.CALL, destination, "payload", null, false, Duration.ofHours(1), route);
	}

	public static ScriptedExchange message(String payload, @Nullable String key, Route route) {
		return new ScriptedExchange(FrameType.MESSAGE, "work", payload, key, false, Duration.ZERO, route);
	}

	/** A one-way message with a handle, which the exchange owns. */
	public static ScriptedExchange handle(Handle handle, @Nullable String key, Route route) {
		return new ScriptedExchange(FrameType.MESSAGE, "socket", "", key, false, Duration.ZERO, route, handle, null,
				null);
	}

	/** A call for which listeners of other processes wait. */
	public static ScriptedExchange callWithin(CallChain chain, String destination, @Nullable String key, Route route) {
		return new ScriptedExchange(FrameType.CALL, destination, "payload", key, false, Duration.ofHours(1), route,
				null, chain, null);
	}

	/** A call that this process passes on. */
	public static ScriptedExchange callFor(Object sender, Route route) {
		return new ScriptedExchange(FrameType.CALL, "work", "payload", null, false, Duration.ofHours(1), route, null,
				null, sender);
	}

	/** The listeners of processes, the first of which was called first. */
	public static CallChain chain(String destination, PeerId... processes) {
		CallChain chain = null;
		for (PeerId process : processes) {
			chain = new CallChain(process, destination, chain);
		}
		return Objects.requireNonNull(chain);
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
		this.delivery = next;
		return this.exchange.begin(next);
	}

	/** The peer has it, so it cannot be taken back. */
	public void written() {
		delivery().written = true;
	}

	/** Whether it was taken back. */
	public boolean isWithdrawn() {
		return delivery().withdrawn;
	}

	/** Whether the peer was asked to give it back. */
	public boolean isRecalled() {
		return delivery().recalled;
	}

	/** Whether the peer was asked to stop. */
	public boolean isCancelled() {
		return delivery().cancelled;
	}

	/** The peer reports that a listener has it. */
	public void started() {
		this.exchange.started();
	}

	/** A listener of the peer has the one-way message. */
	public void delivered() {
		this.exchange.started();
		this.exchange.released();
		this.exchange.delivered();
	}

	/** The peer answers, perhaps late. */
	public void answered() {
		this.exchange.survived();
		this.exchange.released();
		if (!this.exchange.isDone()) {
			this.exchange.replied(Content.BYTES, new byte[0]);
		}
	}

	/** The peer is gone, or gives it back. */
	public void lost(boolean mayHaveStarted, IpcException cause) {
		this.maybeStarted |= mayHaveStarted;
		boolean again = false;
		try {
			again = this.exchange.lost(mayHaveStarted, cause);
		}
		finally {
			if (!again) {
				this.exchange.fail(cause);
			}
		}
	}

	private ScriptedDelivery delivery() {
		if (this.delivery == null) {
			throw new IllegalStateException("It was not sent");
		}
		return this.delivery;
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
