package io.ipcboot.messaging;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * A message or call that has arrived: it waits, a listener has it, or it is done.
 */
final class Inbound {

	private final Frame frame;

	private final long arrival = System.nanoTime();

	private boolean cancelled;

	private @Nullable Thread runner;

	private @Nullable CompletableFuture<?> pendingReply;

	Inbound(Frame frame) {
		this.frame = frame;
	}

	Frame frame() {
		return this.frame;
	}

	boolean isCall() {
		return this.frame.type() == FrameType.CALL;
	}

	boolean isExpired() {
		return this.frame.remaining() != 0 && System.nanoTime() - this.arrival >= this.frame.remaining();
	}

	/**
	 * Let the current thread run the listener.
	 * @return {@code false} if the call was cancelled before
	 */
	synchronized boolean enter() {
		if (this.cancelled) {
			return false;
		}
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
	synchronized void awaits(CompletableFuture<?> reply) {
		this.pendingReply = reply;
		if (this.cancelled) {
			reply.cancel(true);
		}
	}

	/**
	 * Whether the listener waits for the end of this JVM, which waits for the listener.
	 */
	synchronized boolean isExiting() {
		return this.runner == Thread.currentThread() || (this.runner != null && Stream.of(this.runner.getStackTrace())
			.anyMatch((call) -> call.getClassName().equals("java.lang.Shutdown")));
	}

	synchronized void cancel() {
		this.cancelled = true;
		if (this.runner != null) {
			this.runner.interrupt();
		}
		if (this.pendingReply != null) {
			this.pendingReply.cancel(true);
		}
	}

}
