package io.ipcboot.messaging;

import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.JvmShutdown;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A message or call that arrived: it waits, a listener has it, or it is finished.
 */
final class Inbound {

	private static final byte[] FORGOTTEN = new byte[0];

	/** What the current thread runs a listener for. */
	private static final ThreadLocal<@Nullable Inbound> CURRENT = new ThreadLocal<>();

	private volatile Frame frame;

	private final Peer peer;

	private final long arrival;

	private boolean claimed;

	private boolean cancelled;

	private boolean permitted;

	private @Nullable Thread runner;

	private @Nullable Thread answerer;

	private @Nullable CompletableFuture<?> pendingReply;

	Inbound(Frame frame, Peer peer) {
		this.frame = frame;
		this.peer = peer;
		this.arrival = (frame.remaining() != 0) ? System.nanoTime() : 0;
	}

	/** Return what the current thread runs a listener for, or {@code null}. */
	static @Nullable Inbound current() {
		return CURRENT.get();
	}

	Frame frame() {
		return this.frame;
	}

	/** Return the peer that sent it. */
	Peer peer() {
		return this.peer;
	}

	/** Return the listeners of other processes that wait for it. */
	@Nullable CallChain chain() {
		return this.peer.chainOf(this.frame);
	}

	/**
	 * Return how long the sender of a call still waits.
	 * @return nanoseconds, 0 for no limit, negative if the time is over
	 */
	long remaining() {
		long given = this.frame.remaining();
		if (given == 0 || !isCall()) {
			return 0;
		}
		long left = given - (System.nanoTime() - this.arrival);
		return (left != 0) ? left : -1;
	}

	/**
	 * Release headers and payload. The listener returned a future, and keeps what it
	 * needs for the reply itself.
	 */
	void forgetPayload() {
		Frame full = this.frame;
		this.frame = new Frame(full.type(), full.id(), full.destination(), full.content(), Map.of(), FORGOTTEN,
				full.remaining(), null);
	}

	/**
	 * Claim the right to decide whether the message is started or handed back.
	 * @return {@code false} if another thread has it
	 */
	synchronized boolean claim() {
		boolean first = !this.claimed;
		this.claimed = true;
		return first;
	}

	/**
	 * Claim the right to decide whether the message is started or handed back.
	 * @param decision run before another thread can learn that it is too late, so that
	 * the report about this message precedes the reports about later ones
	 * @return {@code false} if another thread has it
	 */
	synchronized boolean claim(Runnable decision) {
		boolean first = claim();
		if (first) {
			decision.run();
		}
		return first;
	}

	boolean isCall() {
		return this.frame.type() == FrameType.CALL;
	}

	boolean isExpired() {
		return this.frame.remaining() != 0 && System.nanoTime() - this.arrival >= this.frame.remaining();
	}

	/**
	 * Let the current thread run the listener.
	 * @return {@code false} if the call was cancelled or its time was over before
	 */
	synchronized boolean enter() {
		if (this.cancelled || isExpired()) {
			return false;
		}
		// an interrupt that the previous listener left behind is not meant for this one
		Thread.interrupted();
		this.runner = Thread.currentThread();
		CURRENT.set(this);
		return true;
	}

	/**
	 * Note that the listener returned; from now on the current thread is not interrupted
	 * on its behalf.
	 */
	synchronized void leave() {
		this.runner = null;
		CURRENT.set(null);
		if (this.cancelled) {
			Thread.interrupted();
		}
	}

	/**
	 * Note that the listener returned a future.
	 * @param newPermitted whether the future has one of the permits for futures
	 */
	void awaits(CompletableFuture<?> reply, boolean newPermitted) {
		synchronized (this) {
			this.permitted = newPermitted;
			this.pendingReply = reply;
			if (!this.cancelled) {
				return;
			}
		}
		reply.cancel(true);
	}

	/**
	 * Give back the permit of the future.
	 * @return {@code false} if the future has none any more
	 */
	synchronized boolean releasePermit() {
		boolean held = this.permitted;
		this.permitted = false;
		return held;
	}

	/**
	 * Note that the current thread converts and sends the reply, which runs code of the
	 * reply.
	 */
	synchronized void answer() {
		this.answerer = Thread.currentThread();
	}

	/**
	 * Return whether the listener, or the code of its future, waits for the end of this
	 * JVM, which in turn waits for the listener.
	 */
	synchronized boolean isExiting() {
		return isExiting(this.runner) || isExiting(this.answerer);
	}

	private static boolean isExiting(@Nullable Thread thread) {
		return thread == Thread.currentThread() || (thread != null && JvmShutdown.isAwaitedBy(thread));
	}

	/**
	 * Cancel the call for a caller that no longer waits: interrupt the listener if it
	 * runs.
	 * @return the future that the listener returned, if it is still pending. The caller
	 * of this method cancels the future, which runs code of the listener
	 */
	synchronized @Nullable CompletableFuture<?> cancel() {
		this.cancelled = true;
		if (this.runner != null) {
			this.runner.interrupt();
		}
		return this.pendingReply;
	}

	/** Return whether the caller no longer waits. */
	synchronized boolean isCancelled() {
		return this.cancelled;
	}

	void closeHandle() {
		Handle handle = this.frame.handle();
		if (handle != null) {
			handle.close();
		}
	}

}
