package io.ipcboot.messaging;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

	private final Redelivery redelivery;

	private volatile @Nullable Attempt attempt;

	private volatile boolean followed;

	Exchange(Frame frame, Duration timeout, Redelivery redelivery) {
		this.frame = frame;
		this.timeout = timeout;
		this.deadline = timeout.isZero() ? 0 : System.nanoTime() + TimeUnit.NANOSECONDS.convert(timeout);
		this.redelivery = redelivery;
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
		Attempt current = this.attempt;
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
	boolean begin(Attempt newAttempt) {
		this.attempt = newAttempt;
		if (isDone()) {
			closeHandle();
			return false;
		}
		return true;
	}

	/** A listener of the peer has it, so this side's copy of the handle is not needed. */
	void started() {
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
		this.attempt = null;
		if (!isDone() && this.redelivery.takeOver(this, mayHaveStarted, cause)) {
			return true;
		}
		closeHandle();
		return false;
	}

	void cancel() {
		abandon(null);
	}

	void timeOut() {
		abandon(new CallTimeoutException(peer(), destination(), this.timeout));
	}

	private void abandon(@Nullable Throwable failure) {
		Attempt waiting = this.attempt;
		if (waiting != null) {
			// so that there is room for another message before anybody learns of this
			waiting.withdraw();
		}
		boolean first = (failure != null) ? this.outcome.completeExceptionally(failure) : this.outcome.cancel(false);
		Attempt current = this.attempt;
		boolean unseen = first && (current == null || current.cancel());
		if (unseen) {
			// otherwise the handle is being sent, and its attempt reports when it is not
			// needed
			closeHandle();
		}
	}

	/**
	 * Wait for the outcome on the calling thread.
	 */
	Payload await() {
		Attempt current = this.attempt;
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

	private void closeHandle() {
		Handle handle = this.frame.handle();
		if (handle != null) {
			handle.close();
		}
	}

}
