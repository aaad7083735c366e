package io.ipcboot.messaging;

import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.IpcChannel;
import io.ipcboot.messaging.RemoteFailure.Reason;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Hands messages to the listeners, in the order of arrival. A listener that takes one
 * message at a time runs on the dispatching thread, so the next message starts when the
 * listener has returned; a call that the listener makes must therefore not depend on
 * another message to this side. Other listeners run on an executor, and only their starts
 * are in order.
 */
final class Dispatcher {

	private static final Log logger = LogFactory.getLog(Dispatcher.class);

	private static final int MAX_REPORTED_DESTINATIONS = 100;

	private final Queue<Inbound> waiting = new ConcurrentLinkedQueue<>();

	/** Messages whose listeners run on other threads, or returned a future. */
	private final Set<Inbound> elsewhere = ConcurrentHashMap.newKeySet();

	private final CompletableFuture<Void> drained = new CompletableFuture<>();

	private final Map<Listener, Semaphore> permits = new ConcurrentHashMap<>();

	private final Set<String> reportedDestinations = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean dispatching = new AtomicBoolean();

	private final IpcChannel channel;

	private final ListenerRegistry listeners;

	private final Answers answers;

	private final PeerStatistics statistics;

	private final Peer peer;

	private final OpenFutures futures;

	private volatile PeerOptions options;

	private volatile Semaphore sharedPermits;

	private volatile @Nullable Inbound running;

	private volatile boolean open;

	private volatile boolean draining;

	Dispatcher(IpcChannel channel, ListenerRegistry listeners, Answers answers, PeerStatistics statistics, Peer peer,
			PeerOptions options) {
		this.channel = channel;
		this.listeners = listeners;
		this.answers = answers;
		this.statistics = statistics;
		this.peer = peer;
		this.options = options;
		this.sharedPermits = new Semaphore(options.concurrency());
		this.futures = new OpenFutures(channel, this.elsewhere, this::finished);
	}

	void configure(PeerOptions newOptions) {
		this.options = newOptions;
		this.sharedPermits = new Semaphore(newOptions.concurrency());
	}

	void add(Frame frame) {
		Inbound inbound = new Inbound(frame, this.peer);
		this.answers.expect(inbound);
		this.waiting.add(inbound);
		if (this.draining) {
			handBackWaiting();
		}
	}

	/** Cancel a call, or hand back a one-way message that its sender recalls. */
	void cancel(long id) {
		if (!this.answers.cancel(id)) {
			handBack(id);
		}
	}

	/** Hand back a one-way message that waits: another peer may start it earlier. */
	private void handBack(long id) {
		for (Inbound inbound : this.waiting) {
			if (inbound.frame().id() == id) {
				handBack(inbound);
			}
		}
	}

	/** Hand back a message that waits, unless another thread has just taken it. */
	private void handBack(Inbound inbound) {
		if (inbound.claim(() -> this.answers.handBack(inbound)) && this.waiting.remove(inbound)) {
			this.channel.dequeued(inbound.frame());
		}
	}

	/** Hand back all messages that wait, whatever the listeners are doing. */
	private void handBackWaiting() {
		this.waiting.forEach(this::handBack);
		// all that is left was started, which the sender must know too
		this.channel.idle();
	}

	/** Start messages from now on, beginning with those that have already arrived. */
	void open() {
		this.open = true;
	}

	/** Start nothing more, and hand back the messages that wait or still arrive. */
	CompletableFuture<Void> drain() {
		this.draining = true;
		handBackWaiting();
		// the dispatching thread may wait for one with a message that was not started
		this.sharedPermits.release();
		this.permits.values().forEach(Semaphore::release);
		work();
		return this.drained;
	}

	/** Cancel running calls: the channel has ended, so no caller waits for answers. */
	void close() {
		this.answers.cancelAll();
		if (!this.open) {
			Inbound unseen;
			while ((unseen = this.waiting.poll()) != null) {
				unseen.closeHandle();
			}
		}
	}

	/**
	 * Fail the calls whose listeners wait for the end of this JVM. They never return, and
	 * their callers may be what the end waits for.
	 */
	void failExiting() {
		Inbound current = this.running;
		Stream.concat(Stream.ofNullable(current), this.elsewhere.stream())
			.filter(Inbound::isExiting)
			.forEach((inbound) -> this.answers.fail(inbound,
					new IllegalStateException("the JVM of its listener exits")));
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
					this.channel.dequeued(next.frame());
					if (next.claim()) {
						dispatch(next);
					}
				}
				this.channel.idle();
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
		// every message may lead to an answer, even if there is no listener
		this.channel.awaitRelief();
		try {
			Listener listener = this.listeners.find(frame.destination(), this.channel.peer());
			if (this.draining) {
				this.answers.handBack(inbound);
			}
			else if (frame.isHandleRefused()) {
				this.answers.refuse(inbound, Reason.NO_LISTENER,
						"the receiver does not accept handles; set its option 'accept-handles' to allow them");
			}
			else if (listener == null) {
				noListener(inbound);
			}
			else {
				start(inbound, listener);
			}
		}
		catch (Throwable ex) {
			// for example, there is no thread to run the listener on
			inbound.closeHandle();
			this.answers.fail(inbound, ex);
		}
	}

	private void noListener(Inbound inbound) {
		Frame frame = inbound.frame();
		String problem = this.listeners.describeMissing(frame.destination(), this.channel.peer());
		if (!inbound.isCall() && frame.handle() == null) {
			// in this order, or it could be suspected of a death in between
			this.channel.finished(frame);
			this.channel.started(frame);
			this.statistics.unhandled.increment();
			if (this.reportedDestinations.size() < MAX_REPORTED_DESTINATIONS
					&& this.reportedDestinations.add(frame.destination())) {
				logger.warn("A message from " + this.channel.peer() + " was dropped: " + problem);
			}
		}
		this.answers.refuse(inbound, Reason.NO_LISTENER, problem);
	}

	private void start(Inbound inbound, Listener listener) {
		if (!inbound.isCall()) {
			try {
				listener.check(this.peer.message(inbound.frame()));
			}
			catch (Throwable ex) {
				this.answers.reject(inbound, ex);
				return;
			}
		}
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
		if (this.draining) {
			this.answers.handBack(inbound);
			return;
		}
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
			// there is no thread left, and the start of the message was already reported
			// to the sender
			task.run();
		}
	}

	private void started(Inbound inbound) {
		this.channel.started(inbound.frame());
		if (!inbound.isCall() && this.waiting.isEmpty()) {
			// nothing else would inform the sender before the listener returns
			this.channel.idle();
		}
	}

	private void run(Inbound inbound, Listener listener) {
		if (!inbound.enter()) {
			this.answers.refuse(inbound, Reason.CANCELLED, "it was cancelled or timed out before it started");
			finished(inbound);
			return;
		}
		IpcMessage message = this.peer.message(inbound.frame());
		Object result = null;
		CompletableFuture<?> pending = null;
		Throwable failure = null;
		try {
			result = this.options.interceptors().invoke(listener, message);
			pending = ListenerResult.pending(result);
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
		boolean permitted = this.futures.acquire();
		if (!permitted && inbound.isCall()) {
			pending.cancel(true);
			complete(inbound, null, OpenFutures.refusal());
			return;
		}
		this.elsewhere.add(inbound);
		inbound.awaits(pending, permitted);
		pending.whenComplete((result, failure) -> {
			this.futures.release(inbound);
			complete(inbound, result, failure);
		});
		if (!permitted) {
			finished(inbound);
		}
	}

	private void complete(Inbound inbound, @Nullable Object result, @Nullable Throwable failure) {
		inbound.answer();
		try {
			this.answers.complete(inbound, result, failure);
		}
		finally {
			finished(inbound);
		}
	}

	private void finished(Inbound inbound) {
		if (!inbound.isCall()) {
			this.channel.finished(inbound.frame());
		}
		if (!this.elsewhere.isEmpty()) {
			this.elsewhere.remove(inbound);
		}
		checkDrained();
	}

}
