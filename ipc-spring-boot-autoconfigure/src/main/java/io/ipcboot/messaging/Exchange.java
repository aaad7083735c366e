package io.ipcboot.messaging;

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
 * One message or call and its one outcome, whichever peers it is sent to on the way. A
 * message's outcome is that a listener has taken it; a call's is the reply.
 */
public final class Exchange {

	private final CompletableFuture<Payload> outcome = new CompletableFuture<>();

	private final Frame frame;

	private final Duration timeout;

	private final long deadline;

	private final ExchangeOwner owner;

	/** Whether the sender has nothing left of what is handed over. */
	private final boolean handleTaken;

	private volatile @Nullable Delivery delivery;

	private final @Nullable String key;

	private final boolean idempotent;

	private volatile boolean followed;

	private volatile boolean started;

	private int repetitions;

	private long position;

	private @Nullable Object attachment;

	Exchange(Frame frame, OutgoingMessage message, Duration timeout, ExchangeOwner owner, boolean handleTaken) {
		this.frame = frame;
		this.key = message.key();
		this.idempotent = message.idempotent();
		this.timeout = timeout;
		this.deadline = timeout.isZero() ? 0 : System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		this.owner = owner;
		this.handleTaken = handleTaken;
	}

	Duration timeout() {
		return this.timeout;
	}

	Frame frame() {
		return this.frame;
	}

	/**
	 * Return where the message goes.
	 * @return the destination
	 */
	public String destination() {
		return this.frame.destination();
	}

	/**
	 * Whether a reply is expected.
	 * @return {@code false} for a one-way message
	 */
	public boolean isCall() {
		return this.frame.type() == FrameType.CALL;
	}

	/**
	 * Whether something is handed over.
	 * @return {@code true} if a handle travels with it
	 */
	public boolean hasHandle() {
		return this.frame.handle() != null;
	}

	/**
	 * Return what the sender has said the message belongs to.
	 * @return the key, or {@code null}
	 */
	public @Nullable String key() {
		return this.key;
	}

	/**
	 * Return its place among all that its owner has admitted.
	 * @return what was last taken, or 0
	 */
	public long position() {
		return this.position;
	}

	/**
	 * Note its place among all that its owner has admitted. Not for concurrent use.
	 * @param newPosition the place
	 */
	public void takePosition(long newPosition) {
		this.position = newPosition;
	}

	/**
	 * Return what its owner has attached to it.
	 * @return the object, or {@code null}
	 */
	public @Nullable Object attachment() {
		return this.attachment;
	}

	/**
	 * Attach something, for the owner's own use. Not for concurrent use.
	 * @param newAttachment the object, or {@code null} for nothing
	 */
	public void attach(@Nullable Object newAttachment) {
		this.attachment = newAttachment;
	}

	/**
	 * Return what is sent.
	 * @return the converted payload, not to be changed
	 */
	public byte[] payload() {
		return this.frame.payload();
	}

	/**
	 * Return how much it holds in memory.
	 * @return bytes of the payload and the headers, and some more
	 */
	public long weight() {
		return this.frame.weight();
	}

	/**
	 * Count another attempt to do what a lost peer may have done already.
	 * @param limit how many there may be
	 * @return {@code false} if it must not be repeated, or not once more
	 */
	public boolean repeat(int limit) {
		// whoever has taken a handle has it alone
		return this.idempotent && !hasHandle() && ++this.repetitions <= limit;
	}

	/**
	 * Whether the outcome is known.
	 * @return {@code true} once there is a reply, a failure, a timeout or a cancellation
	 */
	public boolean isDone() {
		return this.outcome.isDone();
	}

	/**
	 * Return the peer that the message was last sent to.
	 * @return the peer, or {@code null} if it was not sent yet
	 */
	public @Nullable PeerId peer() {
		Delivery current = this.delivery;
		return (current != null) ? current.peer() : null;
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
	 * Fail, unless there is an outcome already.
	 * @param failure the outcome
	 */
	public void fail(Throwable failure) {
		noteClosedHandle(failure);
		this.outcome.completeExceptionally(failure);
		closeHandle();
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
	 * Note the way that the message takes now.
	 * @return {@code false} if it is not wanted any more
	 */
	boolean begin(Delivery newDelivery) {
		this.delivery = newDelivery;
		if (isDone()) {
			closeHandle();
			released();
			return false;
		}
		return true;
	}

	/** No peer has anything to do with it any more. */
	void released() {
		this.owner.released(List.of(this));
	}

	/** No peer has anything to do with these any more. */
	static void released(List<Exchange> exchanges) {
		int start = 0;
		for (int end = 1; end <= exchanges.size(); end++) {
			ExchangeOwner owner = exchanges.get(start).owner;
			if (end == exchanges.size() || exchanges.get(end).owner != owner) {
				owner.released(exchanges.subList(start, end));
				start = end;
			}
		}
	}

	/** Whether its owner wants to know if a peer dies of it. A handle says too little. */
	boolean isWatched() {
		return this.owner != ExchangeOwner.NONE && !hasHandle();
	}

	/** The peer has died while a listener had this one-way message. */
	void fatal(IpcException cause) {
		this.owner.fatal(this, cause);
	}

	/** A listener of the peer has it, so this side's copy of the handle is not needed. */
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

	/** The peer says that there was no reply. */
	void failed(RemoteFailure failure, PeerId peer) {
		boolean expired = failure.reason() == RemoteFailure.Reason.CANCELLED && this.deadline != 0;
		fail(expired ? new CallTimeoutException(peer, destination(), this.timeout)
				: failure.toException(peer, destination()));
	}

	/**
	 * The peer was lost.
	 * @return whether somebody else takes care of the message
	 */
	boolean handOver(boolean mayHaveStarted, IpcException cause) {
		// from now on whoever gives up does not find it on its way
		this.delivery = null;
		if (this.owner.lost(this, mayHaveStarted, cause)) {
			return true;
		}
		closeHandle();
		return false;
	}

	void cancel() {
		abandon(null);
	}

	/**
	 * Have a one-way message back that no listener has taken yet. If there is such a
	 * moment, its owner is told that it is {@linkplain ExchangeOwner#lost lost}.
	 */
	public void recall() {
		Delivery current = this.delivery;
		if (current != null && !isDone()) {
			current.recall();
		}
	}

	void timeOut() {
		abandon(new CallTimeoutException(peer(), destination(), this.timeout));
	}

	private void abandon(@Nullable Throwable failure) {
		Delivery waiting = this.delivery;
		if (waiting != null) {
			// so that there is room for another message before anybody learns of this
			waiting.withdraw();
		}
		noteClosedHandle(failure);
		boolean first = (failure != null) ? this.outcome.completeExceptionally(failure) : this.outcome.cancel(false);
		Delivery current = this.delivery;
		boolean unseen = first && (current == null || current.cancel());
		if (unseen) {
			// otherwise the handle is being sent, and its attempt reports when it is not
			// needed
			closeHandle();
			released();
		}
		else if (first && failure instanceof CallTimeoutException) {
			this.owner.overdue(this);
		}
		else if (first && this.deadline != 0) {
			// whoever has it may still stop in time
			Background.schedule(() -> this.owner.overdue(this), Duration.ofNanos(Math.max(1, remaining())));
		}
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
					: this.outcome.get(Math.max(1, remaining()), TimeUnit.NANOSECONDS);
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
	 * The failure was created by the thread that reads; the caller wants to see his own
	 * stack.
	 */
	private static RuntimeException rethrown(ExecutionException wrapper) {
		Throwable failure = wrapper.getCause();
		if (failure instanceof IpcException ipc) {
			ipc.setStackTrace(new Throwable().getStackTrace());
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
