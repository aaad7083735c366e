package io.ipcboot.messaging;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.handle.Handle;
import io.ipcboot.messaging.RemoteFailure.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What this side owes its peer: one answer for each call, and for each handle that no
 * listener got.
 */
final class Answers {

	private static final Log logger = LogFactory.getLog(Answers.class);

	private final Map<Long, Inbound> open = new ConcurrentHashMap<>();

	private final Peer peer;

	Answers(Peer peer) {
		this.peer = peer;
	}

	/** A message has arrived. */
	void expect(Inbound inbound) {
		if (inbound.isCall()) {
			this.open.put(inbound.frame().id(), inbound);
		}
	}

	boolean areComplete() {
		return this.open.isEmpty();
	}

	/**
	 * The caller does not wait for the outcome any more.
	 * @return {@code false} if none is owed
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
			this.peer.completions().add(() -> pending.cancel(true));
		}
	}

	/** The listener is done. */
	void complete(Inbound inbound, @Nullable Object result, @Nullable Throwable failure) {
		if (failure != null) {
			fail(inbound, (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
					: failure);
		}
		else if (inbound.isCall()) {
			try {
				this.peer.reply(inbound.frame(), result);
				this.open.remove(inbound.frame().id());
			}
			catch (Throwable ex) {
				// whatever the reply's own code throws while it is converted
				fail(inbound, ex);
			}
		}
	}

	/** The listener has failed. */
	void fail(Inbound inbound, Throwable failure) {
		if (inbound.isCall()) {
			answer(inbound, RemoteFailure.of(Reason.HANDLER, failure));
		}
		else {
			this.peer.failures().error("A listener failed for " + inbound.frame() + " from " + this.peer.id(), failure);
		}
	}

	/** No listener gets the message. */
	void refuse(Inbound inbound, Reason reason, String message) {
		Handle handle = inbound.frame().handle();
		inbound.closeHandle();
		if (inbound.isCall() || handle != null || inbound.frame().isHandleRefused()) {
			answer(inbound, RemoteFailure.of(reason, message));
		}
	}

	/** Another peer may get the message. */
	void handBack(Inbound inbound) {
		inbound.closeHandle();
		this.peer.channel().sendControl(Frame.control(FrameType.NOT_STARTED, inbound.frame().id(), Map.of()));
		this.open.remove(inbound.frame().id());
	}

	private void answer(Inbound inbound, RemoteFailure failure) {
		long id = inbound.frame().id();
		try {
			send(id, failure);
		}
		catch (IpcException ex) {
			logger.error("Cannot report a failure to " + this.peer.id(), ex);
		}
		this.open.remove(id);
	}

	private void send(long id, RemoteFailure failure) {
		try {
			this.peer.channel().sendControl(failure.toFrame(id));
		}
		catch (MessageTooLargeException ex) {
			this.peer.channel().sendControl(failure.abridged().toFrame(id));
		}
	}

}
