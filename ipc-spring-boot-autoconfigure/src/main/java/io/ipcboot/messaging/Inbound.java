package io.ipcboot.messaging;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * A message or call that has arrived: it waits, a listener has it, or it is done.
 */
final class Inbound {

	private static final byte[] FORGOTTEN = new byte[0];

	private volatile Frame frame;

	private final long arrival;

	private boolean claimed;

	private boolean cancelled;

	private @Nullable Thread runner;

	private @Nullable Thread answerer;

	private @Nullable CompletableFuture<?> pendingReply;

	Inbound(Frame frame) {
		this.frame = frame;
		this.arrival = (frame.remaining() != 0) ? System.nanoTime() : 0;
	}

	Frame frame() {
		return this.frame;
	}

	/** The listener has it; whatever it needs for a later reply, it keeps itself. */
	void forgetPayload() {
		Frame full = this.frame;
		this.frame = new Frame(full.type(), full.id(), full.destination(), full.content(), Map.of(), FORGOTTEN,
				full.remaining(), null);
	}

	/**
	 * Decide what becomes of it.
	 * @return {@code false} if somebody else has decided
	 */
	synchronized boolean claim() {
		boolean first = !this.claimed;
		this.claimed = true;
		return first;
	}

	/**
	 * Decide what becomes of it.
	 * @param decision done before anybody else learns that he is too late, so that what
	 * the sender is told about this message precedes what it is told about later ones
	 * @return {@code false} if somebody else has decided
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
	 * @return {@code false} if the call was cancelled, or its time was over, before
	 */
	synchronized boolean enter() {
		if (this.cancelled || isExpired()) {
			return false;
		}
		// an interrupt that the previous listener left behind is not meant for this one
		Thread.interrupted();
		this.runner = Thread.currentThread();
		return true;
	}

	/**
	 * The listener has returned; the current thread is not interrupted on its behalf any
	 * more.
	 */
	synchronized void leave() {
		this.runner = null;
		if (this.cancelled) {
			Thread.interrupted();
		}
	}

	/**
	 * The listener has returned a future.
	 */
	void awaits(CompletableFuture<?> reply) {
		synchronized (this) {
			this.pendingReply = reply;
			if (!this.cancelled) {
				return;
			}
		}
		reply.cancel(true);
	}

	/**
	 * The current thread converts and sends the reply, which runs code of the reply.
	 */
	synchronized void answer() {
		this.answerer = Thread.currentThread();
	}

	/**
	 * Whether the listener, or what it has returned, waits for the end of this JVM, which
	 * waits for the listener.
	 */
	synchronized boolean isExiting() {
		return isExiting(this.runner) || isExiting(this.answerer);
	}

	private static boolean isExiting(@Nullable Thread thread) {
		return thread == Thread.currentThread() || (thread != null && Stream.of(thread.getStackTrace())
			.anyMatch((call) -> call.getClassName().equals("java.lang.Shutdown")));
	}

	/**
	 * The caller does not wait any more: interrupt the listener if it runs.
	 * @return what the listener has returned if that is still pending, to be cancelled
	 * too; which runs code of the listener
	 */
	synchronized @Nullable CompletableFuture<?> cancel() {
		this.cancelled = true;
		if (this.runner != null) {
			this.runner.interrupt();
		}
		return this.pendingReply;
	}

	void closeHandle() {
		Handle handle = this.frame.handle();
		if (handle != null) {
			handle.close();
		}
	}

}
