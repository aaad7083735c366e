package io.ipcboot.messaging;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import io.ipcboot.channel.Frame;
import io.ipcboot.messaging.RemoteFailure.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Hands what arrives to the listeners, in the order of arrival. A listener that takes one
 * message at a time runs on the dispatching thread, so the next message starts when it
 * has returned; a call that it makes must therefore not depend on another message to this
 * side. Other listeners run on an executor, and only their starts are in order.
 */
final class Dispatcher {

	private static final Log logger = LogFactory.getLog(Dispatcher.class);

	private static final int MAX_REPORTED_DESTINATIONS = 100;

	/** Nothing more is started until one of these futures is complete. */
	private static final int MAX_PROMISED = 10_000;

	private final Queue<Inbound> waiting = new ConcurrentLinkedQueue<>();

	/** What runs on other threads, or has returned a future. */
	private final Set<Inbound> elsewhere = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private final Map<Listener, Semaphore> permits = new ConcurrentHashMap<>();

	private final Set<String> reportedDestinations = ConcurrentHashMap.newKeySet();

	/** What listeners have returned futures for. */
	private final Semaphore promised = new Semaphore(MAX_PROMISED);

	private final AtomicBoolean dispatching = new AtomicBoolean();

	private final Peer peer;

	private final Answers answers;

	private final ListenerRegistry listeners;

	private volatile PeerOptions options;

	private volatile Semaphore sharedPermits;

	private volatile @Nullable Inbound running;

	private volatile boolean open;

	private volatile boolean draining;

	Dispatcher(Peer peer, ListenerRegistry listeners, PeerOptions options) {
		this.peer = peer;
		this.answers = new Answers(peer);
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
		this.answers.expect(inbound);
		this.waiting.add(inbound);
	}

	/** Its sender does not want it here any more. */
	void cancel(long id) {
		if (!this.answers.cancel(id)) {
			giveBack(id);
		}
	}

	/** Another peer may take a one-way message earlier. */
	private void giveBack(long id) {
		for (Inbound inbound : this.waiting) {
			if (inbound.frame().id() == id && inbound.claim(() -> this.answers.handBack(inbound))
					&& this.waiting.remove(inbound)) {
				this.peer.channel().taken(inbound.frame());
			}
		}
	}

	/** Messages that arrived before there were listeners wait until this is called. */
	void open() {
		this.open = true;
	}

	/** Start nothing more: what waits, and what still comes, goes back to its sender. */
	CompletableFuture<Void> drain() {
		this.draining = true;
		work();
		return this.drained;
	}

	/** The channel has ended, and nobody waits for answers. */
	void close() {
		this.answers.cancelAll();
		if (!this.open) {
			Inbound unseen;
			while ((unseen = this.waiting.poll()) != null) {
				unseen.closeHandle();
			}
		}
	}

	boolean isExitingFromListener() {
		Inbound current = this.running;
		return (current != null && current.isExiting()) || this.elsewhere.stream().anyMatch(Inbound::isExiting);
	}

	boolean hasWork() {
		return (this.open || this.draining) && !this.waiting.isEmpty() && !this.dispatching.get();
	}

	void work() {
		while (hasWork() && this.dispatching.compareAndSet(false, true)) {
			try {
				Inbound next;
				while ((next = this.waiting.poll()) != null) {
					this.peer.channel().taken(next.frame());
					if (next.isCall() || next.claim()) {
						dispatch(next);
					}
				}
				this.peer.channel().idle();
			}
			finally {
				this.dispatching.set(false);
			}
		}
		checkDrained();
	}

	private void checkDrained() {
		if (this.draining && this.waiting.isEmpty() && !this.dispatching.get() && this.elsewhere.isEmpty()
				&& this.answers.areComplete()) {
			this.drained.complete(null);
		}
	}

	private void dispatch(Inbound inbound) {
		Frame frame = inbound.frame();
		// whatever comes of it may be an answer, also if there is no listener
		this.peer.channel().awaitRelief();
		try {
			Listener listener = this.listeners.find(frame.destination(), this.peer.id());
			if (this.draining) {
				this.answers.handBack(inbound);
			}
			else if (frame.isHandleRefused()) {
				this.answers.refuse(inbound, Reason.NO_LISTENER,
						"this side takes no handles; the option 'accept-handles' allows them");
			}
			else if (listener == null) {
				noListener(inbound);
			}
			else {
				start(inbound, listener);
			}
		}
		catch (Throwable ex) {
			// for example, there is no thread to run it on
			inbound.closeHandle();
			this.answers.fail(inbound, ex);
		}
	}

	private void noListener(Inbound inbound) {
		Frame frame = inbound.frame();
		String problem = this.listeners.describeMissing(frame.destination(), this.peer.id());
		if (!inbound.isCall() && frame.handle() == null) {
			this.peer.channel().started(frame);
			this.peer.channel().finished(frame);
			this.peer.statistics().unhandled.increment();
			if (this.reportedDestinations.size() < MAX_REPORTED_DESTINATIONS
					&& this.reportedDestinations.add(frame.destination())) {
				logger.warn("A message from " + this.peer.id() + " was dropped: " + problem);
			}
		}
		this.answers.refuse(inbound, Reason.NO_LISTENER, problem);
	}

	private void start(Inbound inbound, Listener listener) {
		int own = listener.concurrency();
		if (((own > 0) ? own : this.options.concurrency()) == 1) {
			this.running = inbound;
			started(inbound);
			run(inbound, listener);
			this.running = null;
		}
		else {
			startElsewhere(inbound, listener, (own > 0)
					? this.permits.computeIfAbsent(listener, (key) -> new Semaphore(own)) : this.sharedPermits);
		}
	}

	private void startElsewhere(Inbound inbound, Listener listener, Semaphore free) {
		free.acquireUninterruptibly();
		this.elsewhere.add(inbound);
		started(inbound);
		Runnable task = () -> {
			try {
				run(inbound, listener);
			}
			finally {
				free.release();
			}
		};
		try {
			this.options.executor().execute(task);
		}
		catch (RuntimeException | OutOfMemoryError ex) {
			// there is no thread for it, and its sender has been told that it has started
			task.run();
		}
	}

	private void started(Inbound inbound) {
		this.peer.channel().started(inbound.frame());
		if (!inbound.isCall() && this.waiting.isEmpty()) {
			// nothing else would tell the sender before the listener returns
			this.peer.channel().idle();
		}
	}

	private void run(Inbound inbound, Listener listener) {
		if (!inbound.enter()) {
			this.answers.refuse(inbound, Reason.CANCELLED, "it was cancelled, or its time was over, before it started");
			finished(inbound);
			return;
		}
		IpcMessage message = this.peer.message(inbound.frame());
		Object result = null;
		CompletableFuture<?> pending = null;
		Throwable failure = null;
		try {
			result = listener.onMessage(message);
			pending = (result instanceof CompletionStage<?> stage) ? stage.toCompletableFuture() : null;
		}
		catch (Throwable ex) {
			failure = ex;
		}
		inbound.leave();
		message.closeUntakenHandle();
		if (pending != null) {
			await(inbound, pending);
		}
		else {
			complete(inbound, result, failure);
		}
	}

	private void await(Inbound inbound, CompletableFuture<?> pending) {
		inbound.forgetPayload();
		if (!this.promised.tryAcquire()) {
			logger.warn("%,d futures that listeners have returned for messages from %s are not complete; nothing else "
				.formatted(MAX_PROMISED, this.peer.id()) + "is started before one of them is");
			this.promised.acquireUninterruptibly();
		}
		this.elsewhere.add(inbound);
		inbound.awaits(pending);
		pending.whenComplete((result, failure) -> {
			this.promised.release();
			complete(inbound, result, failure);
		});
	}

	private void complete(Inbound inbound, @Nullable Object result, @Nullable Throwable failure) {
		inbound.answer();
		this.answers.complete(inbound, result, failure);
		finished(inbound);
	}

	private void finished(Inbound inbound) {
		if (!inbound.isCall()) {
			this.peer.channel().finished(inbound.frame());
		}
		if (!this.elsewhere.isEmpty()) {
			this.elsewhere.remove(inbound);
		}
		checkDrained();
	}

}
