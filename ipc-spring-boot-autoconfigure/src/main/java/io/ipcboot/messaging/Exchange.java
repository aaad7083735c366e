package io.ipcboot.messaging;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * One message or call and its single outcome, whichever peers it is sent to: the start of
 * the message by a listener, or the reply to the call.
 */
public final class Exchange {

	private final CompletableFuture<Payload> outcome = new CompletableFuture<>();

	private final Frame frame;

	/** The headers as they travel, encoded once for all attempts. */
	private final byte[] headers;

	private final String destination;

	private final Duration timeout;

	private final long deadline;

	private final Route route;

	/** Whether taking the handle closed the sender's object. */
	private final boolean handleTaken;

	private volatile @Nullable Delivery delivery;

	private final @Nullable String key;

	private final boolean idempotent;

	private final ExchangeSender.Origin origin;

	/** The process that has answered, if the peer only passed the answer on. */
	private volatile @Nullable PeerId answerer;

	private volatile boolean followed;

	private volatile boolean started;

	private int repetitions;

	private long position;

	private @Nullable Object attachment;

	Exchange(Frame frame, byte[] headers, OutgoingMessage message, Duration timeout, Route route, boolean handleTaken,
			ExchangeSender.Origin origin) {
		this.frame = frame;
		this.headers = headers;
		this.destination = message.destination();
		this.origin = origin;
		this.key = message.key();
		this.idempotent = message.idempotent();
		this.timeout = timeout;
		this.deadline = timeout.isZero() ? 0 : System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		this.route = route;
		this.handleTaken = handleTaken;
	}

	Duration timeout() {
		return this.timeout;
	}

	Frame frame() {
		return this.frame;
	}

	byte[] headers() {
		return this.headers;
	}

	/**
	 * Return the destination of the message.
	 * @return the destination
	 */
	public String destination() {
		return this.destination;
	}

	/**
	 * Return the listeners that wait for this call.
	 * @return the chain, or {@code null} if none is known
	 */
	public @Nullable CallChain chain() {
		return this.origin.chain();
	}

	/**
	 * Return the process for which this process passes the message on.
	 * @return an object that stands for that process, or {@code null} for a message of
	 * this process
	 */
	public @Nullable Object sender() {
		return this.origin.sender();
	}

	/**
	 * Return whether a reply is expected.
	 * @return {@code false} for a one-way message
	 */
	public boolean isCall() {
		return this.frame.type() == FrameType.CALL;
	}

	/**
	 * Return whether a handle is handed over.
	 * @return {@code true} if a handle travels with the message
	 */
	public boolean hasHandle() {
		return this.frame.handle() != null;
	}

	/**
	 * Return the key that the sender set.
	 * @return the key, or {@code null}
	 */
	public @Nullable String key() {
		return this.key;
	}

	/**
	 * Return the position among all exchanges that the route admitted.
	 * @return the position, or 0
	 */
	public long position() {
		return this.position;
	}

	/**
	 * Set the position among all exchanges that the route admitted. Not for concurrent
	 * use.
	 * @param newPosition the position
	 */
	public void takePosition(long newPosition) {
		this.position = newPosition;
	}

	/**
	 * Return the object that the route attached.
	 * @return the object, or {@code null}
	 */
	public @Nullable Object attachment() {
		return this.attachment;
	}

	/**
	 * Attach an object, for the route's own use. Not for concurrent use.
	 * @param newAttachment the object, or {@code null} for nothing
	 */
	public void attach(@Nullable Object newAttachment) {
		this.attachment = newAttachment;
	}

	/**
	 * Return the payload.
	 * @return the converted payload, not to be changed
	 */
	public byte[] payload() {
		return this.frame.payload();
	}

	/**
	 * Return roughly how much memory the exchange takes.
	 * @return bytes of the payload and the headers, and some more
	 */
	public long weight() {
		return this.frame.weight();
	}

	/**
	 * Count another attempt at what a lost peer may have done already.
	 * @param limit the maximum number of such attempts
	 * @return {@code false} if the exchange must not be repeated, or not once more
	 */
	public boolean repeat(int limit) {
		// only one receiver can have a handle
		boolean again = this.idempotent && !hasHandle() && ++this.repetitions <= limit;
		this.started &= !again;
		return again;
	}

	/**
	 * Return whether the outcome is known.
	 * @return {@code true} once there is a reply, a failure, a timeout or a cancellation
	 */
	public boolean isDone() {
		return this.outcome.isDone();
	}

	/**
	 * Return the peer that the message was last sent to.
	 * @return the peer, or {@code null} if the message was not sent yet
	 */
	public @Nullable PeerId peer() {
		PeerId known = this.answerer;
		Delivery current = this.delivery;
		return (known != null || current == null) ? known : current.peer();
	}

	/**
	 * Return how long the outcome may still take.
	 * @return nanoseconds, 0 for no limit, negative if the time is over
	 */
	public long remaining() {
		if (this.deadline == 0) {
			return 0;
		}
		long left = this.deadline - System.nanoTime();
		return (left != 0) ? left : -1;
	}

	/**
	 * Return how long to wait for the outcome; longer than {@link #remaining} if another
	 * process watches the deadline.
	 */
	long patience() {
		if (this.deadline == 0) {
			return 0;
		}
		long left = remaining();
		long longer = left + Math.min(this.route.patience().toNanos(), Long.MAX_VALUE - Math.max(0, left));
		return (longer != 0) ? longer : -1;
	}

	/**
	 * Fail, unless there is an outcome already.
	 * @param failure the outcome
	 */
	public void fail(Throwable failure) {
		try {
			noteClosedHandle(failure);
		}
		finally {
			this.outcome.completeExceptionally(failure);
			closeHandle();
		}
	}

	CompletableFuture<Payload> outcome() {
		return this.outcome;
	}

	boolean hasDependents() {
		return this.followed;
	}

	void follow() {
		this.followed = true;
	}

	/**
	 * Begin a delivery.
	 * @return {@code false} if the exchange has an outcome already
	 */
	boolean begin(Delivery newDelivery) {
		this.delivery = newDelivery;
		if (isDone()) {
			closeHandle();
			released();
			return false;
		}
		this.origin.attempted();
		return true;
	}

	/** Release the exchange: no peer has anything to do with it any more. */
	void released() {
		this.route.released(List.of(this));
	}

	/** Release exchanges: no peer has anything to do with them any more. */
	static void released(List<Exchange> exchanges) {
		int start = 0;
		for (int end = 1; end <= exchanges.size(); end++) {
			Route route = exchanges.get(start).route;
			if (end == exchanges.size() || exchanges.get(end).route != route) {
				route.released(exchanges.subList(start, end));
				start = end;
			}
		}
	}

	/**
	 * Return whether the route wants to know if a peer dies of this message or survives
	 * it. A message with a handle is not identified well enough.
	 */
	boolean isWatched() {
		return this.route.isWatching() && !hasHandle();
	}

	/** Report that the peer is alive after it ran this message. */
	void survived() {
		if (isWatched()) {
			this.route.survived(this);
		}
	}

	/** Report that the peer died while a listener had this one-way message. */
	void fatal(IpcException cause) {
		this.route.fatal(this, cause);
	}

	/** Return whether the peer has reported that a listener has the message. */
	public boolean isStarted() {
		return this.started;
	}

	/** Close this side's handle, since a listener of the peer has the message. */
	void started() {
		this.started = true;
		closeHandle();
	}

	void delivered() {
		this.outcome.complete(Payload.NULL);
	}

	void replied(Content content, byte[] bytes) {
		this.outcome.complete(new Payload(content, bytes));
	}

	/** Complete with the reply, or the reason why there was none. */
	void answered(Frame answer, PeerId peer) {
		PeerId from = this.route.answerer(answer, peer);
		if (from != peer) {
			this.answerer = from;
		}
		if (answer.type() == FrameType.REPLY) {
			replied(answer.content(), answer.payload());
		}
		else {
			IpcException failure = this.route.failure(answer, from);
			fail((failure != null) ? failure : failure(RemoteFailure.from(answer), from));
		}
	}

	private IpcException failure(RemoteFailure failure, @Nullable PeerId from) {
		boolean expired = failure.reason() == RemoteFailure.Reason.CANCELLED && this.deadline != 0;
		return expired ? new CallTimeoutException(from, destination(), this.timeout, isCall(), null)
				: failure.toException(from, destination());
	}

	/**
	 * Handle the loss of the peer.
	 * @return {@code true} if the route sends the message to another peer
	 */
	boolean lost(boolean mayHaveStarted, IpcException cause) {
		// a caller that gives up from now on has no delivery to cancel
		this.delivery = null;
		if (this.route.lost(this, mayHaveStarted, cause)) {
			return true;
		}
		closeHandle();
		return false;
	}

	void cancel() {
		abandon(null);
	}

	/**
	 * Ask the peer to hand back a one-way message that no listener started yet. If the
	 * peer does, the route is told that the message is {@linkplain Route#lost lost}.
	 */
	public void recall() {
		Delivery current = this.delivery;
		if (current != null && !isDone()) {
			current.recall();
		}
	}

	void timeOut() {
		PeerId peer = peer();
		abandon(new CallTimeoutException(peer, destination(), this.timeout, isCall(),
				(peer == null) ? this.route.explainDelay() : null));
	}

	private void abandon(@Nullable Throwable failure) {
		Delivery waiting = this.delivery;
		if (waiting != null) {
			// makes room for another message before the outcome is known
			waiting.withdraw();
		}
		noteClosedHandle(failure);
		boolean first = (failure != null) ? this.outcome.completeExceptionally(failure) : this.outcome.cancel(false);
		Delivery current = this.delivery;
		boolean unseen = first && (current == null || current.cancel());
		if (unseen) {
			// otherwise the handle is being sent, and the attempt closes it later
			closeHandle();
			released();
		}
		else if (first && failure instanceof CallTimeoutException) {
			this.route.overdue(this);
		}
		else if (first && this.deadline != 0) {
			// the peer that has the call may still stop it in time
			watch(new WeakReference<>(this), Duration.ofNanos(Math.max(1, remaining())));
		}
	}

	/** Watch an exchange for as long as it is anywhere, without holding its payload. */
	private static void watch(WeakReference<Exchange> watched, Duration time) {
		Background.schedule(() -> {
			Exchange exchange = watched.get();
			if (exchange != null) {
				exchange.route.overdue(exchange);
			}
		}, time);
	}

	/**
	 * Wait for the outcome on the calling thread.
	 */
	Payload await() {
		Delivery current = this.delivery;
		if (current != null && !isDone()) {
			current.readOutcome();
		}
		if (!isDone()) {
			IpcChannel.aboutToBlock();
		}
		try {
			return (this.deadline == 0) ? this.outcome.get()
					: this.outcome.get(Math.max(1, patience()), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			timeOut();
			return await();
		}
		catch (InterruptedException ex) {
			abandon(new CallInterruptedException(peer(), destination()));
			Thread.currentThread().interrupt();
			return await();
		}
		catch (ExecutionException ex) {
			throw rethrown(ex);
		}
	}

	/**
	 * Replace the stack trace of the reading thread, which created the failure, with that
	 * of the caller.
	 */
	private static RuntimeException rethrown(ExecutionException wrapper) {
		Throwable failure = wrapper.getCause();
		if (failure instanceof IpcException ipc) {
			ipc.fillInStackTrace();
			return ipc;
		}
		return (failure instanceof RuntimeException runtime) ? runtime : new IllegalStateException(failure);
	}

	private void noteClosedHandle(@Nullable Throwable failure) {
		Handle handle = this.frame.handle();
		if (this.handleTaken && !this.started && handle != null && failure instanceof IpcException ipc) {
			ipc.addNote("The %s that was to be handed over is closed on this side.".formatted(handle.kind()));
		}
	}

	private void closeHandle() {
		Handle handle = this.frame.handle();
		if (handle != null) {
			handle.close();
		}
	}

}
