package io.ipcboot.messaging;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.handle.Handle;
import io.ipcboot.messaging.RemoteFailure.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The answers that this side owes its peer: one for each call, one for each handle that
 * did not reach a listener, and one for each message that a listener cannot be called
 * with.
 */
final class Answers {

	private static final Log logger = LogFactory.getLog(Answers.class);

	private final Map<Long, Inbound> open = new ConcurrentHashMap<>();

	private final IpcChannel channel;

	private final Completions completions;

	private final FailureLog failures;

	private final Supplier<PayloadConverter> converter;

	/**
	 * @param converter returns the current converter of replies
	 */
	Answers(IpcChannel channel, Completions completions, FailureLog failures, Supplier<PayloadConverter> converter) {
		this.channel = channel;
		this.completions = completions;
		this.failures = failures;
		this.converter = converter;
	}

	/** Note that a message arrived. */
	void expect(Inbound inbound) {
		if (inbound.isCall()) {
			this.open.put(inbound.frame().id(), inbound);
		}
	}

	boolean areComplete() {
		return this.open.isEmpty();
	}

	/**
	 * Cancel the call of a caller that no longer waits.
	 * @return {@code false} if no answer is owed
	 */
	boolean cancel(long id) {
		Inbound inbound = this.open.get(id);
		if (inbound != null) {
			cancel(inbound);
		}
		return inbound != null;
	}

	void cancelAll() {
		this.open.values().forEach(this::cancel);
	}

	private void cancel(Inbound inbound) {
		CompletableFuture<?> pending = inbound.cancel();
		if (pending != null) {
			this.completions.add(() -> pending.cancel(true));
		}
	}

	/**
	 * Return why a future failed: one that depends on another wraps the other's reason.
	 */
	static Throwable cause(Throwable failure) {
		Throwable cause = failure.getCause();
		return (failure instanceof CompletionException && cause != null) ? cause : failure;
	}

	/** Send the reply of a listener that finished. */
	void complete(Inbound inbound, @Nullable Object result, @Nullable Throwable failure) {
		if (failure != null) {
			fail(inbound, cause(failure));
		}
		else if (inbound.isCall()) {
			try {
				reply(inbound.frame(), result);
				this.open.remove(inbound.frame().id());
			}
			catch (Throwable ex) {
				// the conversion runs code of the reply, which may throw anything
				fail(inbound, ex);
			}
		}
	}

	private void reply(Frame call, @Nullable Object value) {
		if (value instanceof RelayListener.Answer answer) {
			this.channel.sendControl(answer.toFrame(call));
			return;
		}
		Payload payload = this.converter.get().write(value);
		this.channel.sendControl(Frame.reply(call.id(), call.destination(), payload.content(), payload.bytes()));
	}

	/** Log the failure of a listener, and report it to a caller that waits. */
	void fail(Inbound inbound, Throwable failure) {
		if (!inbound.isCall()) {
			this.failures.error(describe(inbound), failure);
			return;
		}
		if (!inbound.isCancelled()) {
			this.failures.warn(describe(inbound), failure);
		}
		answer(inbound, RemoteFailure.of(Reason.HANDLER, failure));
	}

	private String describe(Inbound inbound) {
		return "A listener failed for " + inbound.frame() + " from " + this.channel.peer();
	}

	/** Report that the listener cannot be called with a one-way message. */
	void reject(Inbound inbound, Throwable problem) {
		inbound.closeHandle();
		this.failures.warn(describe(inbound), problem);
		answer(inbound, RemoteFailure.of(Reason.HANDLER, problem));
	}

	/** Report that no listener gets the message. */
	void refuse(Inbound inbound, Reason reason, String message) {
		Handle handle = inbound.frame().handle();
		inbound.closeHandle();
		if (inbound.isCall() || handle != null || inbound.frame().isHandleRefused()) {
			answer(inbound, RemoteFailure.of(reason, message));
		}
	}

	/** Decline the message, so that another peer may get it. */
	void handBack(Inbound inbound) {
		inbound.closeHandle();
		this.channel.sendControl(Frame.control(FrameType.NOT_STARTED, inbound.frame().id(), Map.of()));
		this.open.remove(inbound.frame().id());
	}

	private void answer(Inbound inbound, RemoteFailure failure) {
		long id = inbound.frame().id();
		try {
			send(id, failure);
		}
		catch (IpcException ex) {
			logger.error("Cannot report a failure to " + this.channel.peer(), ex);
		}
		this.open.remove(id);
	}

	private void send(long id, RemoteFailure failure) {
		try {
			this.channel.sendControl(failure.toFrame(id));
		}
		catch (MessageTooLargeException ex) {
			this.channel.sendControl(failure.abridged().toFrame(id));
		}
	}

}
