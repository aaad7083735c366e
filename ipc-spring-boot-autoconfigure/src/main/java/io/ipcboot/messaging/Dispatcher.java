package io.ipcboot.messaging;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.handle.Handle;
import io.ipcboot.messaging.RemoteFailure.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Hands what arrives to the listeners, in the order of arrival. A listener that takes one
 * message at a time runs on the dispatching thread, so the next message starts when it
 * has returned. Others run on an executor, and only their starts are in order.
 */
final class Dispatcher {

	private static final Log logger = LogFactory.getLog(Dispatcher.class);

	private final Queue<Inbound> waiting = new ConcurrentLinkedQueue<>();

	private final Map<Long, Inbound> unanswered = new ConcurrentHashMap<>();

	private final Set<Inbound> running = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private final Map<Listener, Semaphore> permits = new ConcurrentHashMap<>();

	private final Set<String> reportedDestinations = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean dispatching = new AtomicBoolean();

	private final Peer peer;

	private final ListenerRegistry listeners;

	private volatile PeerOptions options;

	private volatile Semaphore sharedPermits;

	private volatile boolean open;

	private volatile boolean draining;

	Dispatcher(Peer peer, ListenerRegistry listeners, PeerOptions options) {
		this.peer = peer;
		this.listeners = listeners;
		this.options = options;
		this.sharedPermits = new Semaphore(options.concurrency());
	}

	void configure(PeerOptions newOptions) {
		this.options = newOptions;
		this.sharedPermits = new Semaphore(newOptions.concurrency());
	}

	void add(Frame frame) {
		Inbound inbound = new Inbound(frame);
		if (inbound.isCall()) {
			this.unanswered.put(frame.id(), inbound);
		}
		this.waiting.add(inbound);
	}

	void cancel(long id) {
		Inbound inbound = this.unanswered.get(id);
		if (inbound != null) {
			inbound.cancel();
		}
	}

	void cancelAll() {
		this.unanswered.values().forEach(Inbound::cancel);
	}

	/** Messages that arrived before there were listeners wait until this is called. */
	void open() {
		this.open = true;
	}

	/** Start nothing more: what waits, and what still comes, goes back to its sender. */
	CompletableFuture<Void> drain() {
		this.draining = true;
		work();
		checkDrained();
		return this.drained;
	}

	boolean isExitingFromListener() {
		return this.running.stream().anyMatch(Inbound::isExiting);
	}

	private void checkDrained() {
		if (this.draining && this.waiting.isEmpty() && this.unanswered.isEmpty() && this.running.isEmpty()) {
			this.drained.complete(null);
		}
	}

	boolean hasWork() {
		return (this.open || this.draining) && !this.waiting.isEmpty() && !this.dispatching.get();
	}

	void work() {
		while (hasWork() && this.dispatching.compareAndSet(false, true)) {
			try {
				Inbound next;
				while ((next = this.waiting.poll()) != null) {
					dispatch(next);
				}
				this.peer.channel().idle();
			}
			finally {
				this.dispatching.set(false);
			}
		}
		checkDrained();
	}

	private void dispatch(Inbound inbound) {
		Frame frame = inbound.frame();
		Listener listener = this.listeners.find(frame.destination());
		if (this.draining) {
			handBack(inbound);
		}
		else if (listener == null) {
			noListener(inbound);
		}
		else if (inbound.isExpired()) {
			this.peer.channel().started(frame);
			refuse(inbound, Reason.CANCELLED, "its time was over before it started");
		}
		else {
			start(inbound, listener);
		}
	}

	private void start(Inbound inbound, Listener listener) {
		int own = listener.concurrency();
		if (((own > 0) ? own : this.options.concurrency()) == 1) {
			this.peer.channel().started(inbound.frame());
			run(inbound, listener);
			return;
		}
		Semaphore free = (own > 0) ? this.permits.computeIfAbsent(listener, (key) -> new Semaphore(own))
				: this.sharedPermits;
		free.acquireUninterruptibly();
		this.peer.channel().started(inbound.frame());
		try {
			this.options.executor().execute(() -> {
				try {
					run(inbound, listener);
				}
				finally {
					free.release();
				}
			});
		}
		catch (RejectedExecutionException ex) {
			free.release();
			fail(inbound, ex);
		}
	}

	private void run(Inbound inbound, Listener listener) {
		if (!inbound.enter()) {
			refuse(inbound, Reason.CANCELLED, "it was cancelled before it started");
			return;
		}
		IpcMessage message = this.peer.message(inbound.frame());
		Object result;
		this.running.add(inbound);
		try {
			result = listener.onMessage(message);
		}
		catch (Throwable ex) {
			leave(inbound, message);
			fail(inbound, ex);
			return;
		}
		leave(inbound, message);
		if (result instanceof CompletionStage<?> stage) {
			CompletableFuture<?> future = stage.toCompletableFuture();
			inbound.awaits(future);
			future.whenComplete((value, ex) -> complete(inbound, value, ex));
		}
		else {
			complete(inbound, result, null);
		}
	}

	private void leave(Inbound inbound, IpcMessage message) {
		inbound.leave();
		this.running.remove(inbound);
		message.closeUntakenHandle();
	}

	private void complete(Inbound inbound, @Nullable Object result, @Nullable Throwable failure) {
		if (failure != null) {
			fail(inbound, failure);
		}
		else if (inbound.isCall()) {
			try {
				this.peer.reply(inbound.frame().id(), result);
				this.unanswered.remove(inbound.frame().id());
				checkDrained();
			}
			catch (RuntimeException | StackOverflowError ex) {
				fail(inbound, ex);
			}
		}
	}

	private void fail(Inbound inbound, Throwable failure) {
		if (!inbound.isCall()) {
			logger.error("A listener failed for " + inbound.frame() + " from " + this.peer.id(), failure);
			return;
		}
		answer(inbound, RemoteFailure.of(Reason.HANDLER, failure));
	}

	private void noListener(Inbound inbound) {
		Frame frame = inbound.frame();
		String problem = this.listeners.describeMissing(frame.destination());
		if (!inbound.isCall() && frame.handle() == null) {
			this.peer.channel().started(frame);
			this.peer.statistics().unhandled.increment();
			if (this.reportedDestinations.size() < 100 && this.reportedDestinations.add(frame.destination())) {
				logger.warn("A message from " + this.peer.id() + " was dropped: " + problem);
			}
			return;
		}
		refuse(inbound, Reason.NO_LISTENER, problem);
	}

	private void handBack(Inbound inbound) {
		closeHandle(inbound);
		this.unanswered.remove(inbound.frame().id());
		this.peer.channel().sendControl(Frame.control(FrameType.NOT_STARTED, inbound.frame().id(), Map.of()));
	}

	private void refuse(Inbound inbound, Reason reason, String message) {
		closeHandle(inbound);
		answer(inbound, RemoteFailure.of(reason, message));
	}

	private static void closeHandle(Inbound inbound) {
		Handle handle = inbound.frame().handle();
		if (handle != null) {
			handle.close();
		}
	}

	private void answer(Inbound inbound, RemoteFailure failure) {
		this.unanswered.remove(inbound.frame().id());
		try {
			this.peer.channel().sendControl(failure.toFrame(inbound.frame().id()));
		}
		catch (IpcException ex) {
			logger.error("Cannot report a failure to " + this.peer.id(), ex);
		}
		checkDrained();
	}

}
