package io.ipcboot.server;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.UntrustedText;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The limits after which a worker asks its parent to be replaced: a number of requests,
 * or one request that takes too long. Safe for use by several threads.
 */
public final class RequestLimits {

	private static final Log logger = LogFactory.getLog(RequestLimits.class);

	private final LongAdder begun = new LongAdder();

	private final LongAdder ended = new LongAdder();

	private final Set<Request> late = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean retired = new AtomicBoolean();

	private final long maxRequests;

	private final @Nullable Duration timeout;

	private final Consumer<String> retire;

	/**
	 * Create limits.
	 * @param maxRequests how many requests are served; 0 for no limit
	 * @param jitter the largest part of its value by which the number is raised at
	 * random, so that not all workers reach it at once
	 * @param timeout how long a request may take, or {@code null} for no limit
	 * @param retire asks for this worker to be replaced, with a reason
	 */
	public RequestLimits(long maxRequests, double jitter, @Nullable Duration timeout, Consumer<String> retire) {
		this.maxRequests = maxRequests + (long) (maxRequests * jitter * ThreadLocalRandom.current().nextDouble());
		this.timeout = timeout;
		this.retire = retire;
	}

	/**
	 * Create limits for a process that is never replaced.
	 * @return limits that nothing reaches
	 */
	public static RequestLimits none() {
		return new RequestLimits(0, 0, null, (reason) -> {
		});
	}

	/**
	 * Count a request that begins.
	 * @param description the request, for the log
	 * @return the request, whose end must be reported
	 */
	Request begin(String description) {
		this.begun.increment();
		Request request = new Request(description);
		if (this.timeout != null) {
			this.late.add(request);
			request.alarm = Background.schedule(() -> check(request), this.timeout);
		}
		return request;
	}

	/** The number of requests that have begun and not ended. */
	long inProgress() {
		// in this order, so that a request is counted too often rather than not at all
		long over = this.ended.sum();
		return this.begun.sum() - over;
	}

	private void check(Request request) {
		if (this.late.remove(request)) {
			String reason = "the request '%s' has taken longer than %,d ms".formatted(
					UntrustedText.line(request.description),
					(this.timeout != null) ? TimeUnit.MILLISECONDS.convert(this.timeout) : 0);
			logger.error("Asking for this worker to be replaced: " + reason + ". Its threads:\n" + threadDump());
			retire(reason);
		}
	}

	private void retire(String reason) {
		if (this.retired.compareAndSet(false, true)) {
			this.retire.accept(reason);
		}
	}

	private static String threadDump() {
		StringBuilder dump = new StringBuilder();
		for (Map.Entry<Thread, StackTraceElement[]> entry : Thread.getAllStackTraces().entrySet()) {
			dump.append('"')
				.append(UntrustedText.line(entry.getKey().getName()))
				.append("\" ")
				.append(entry.getKey().getState());
			for (StackTraceElement element : entry.getValue()) {
				dump.append("\n\tat ").append(element);
			}
			dump.append('\n');
		}
		return dump.toString();
	}

	/**
	 * A request that is being served.
	 */
	final class Request {

		private final AtomicBoolean over = new AtomicBoolean();

		private final String description;

		private volatile @Nullable Future<?> alarm;

		private Request(String description) {
			this.description = description;
		}

		/** End the request. Servers may call this more than once. */
		void end() {
			if (!this.over.compareAndSet(false, true)) {
				return;
			}
			RequestLimits.this.ended.increment();
			RequestLimits.this.late.remove(this);
			Future<?> set = this.alarm;
			if (set != null) {
				set.cancel(false);
			}
			long limit = RequestLimits.this.maxRequests;
			if (limit > 0 && RequestLimits.this.ended.sum() >= limit) {
				retire("it has served %,d requests".formatted(limit));
			}
		}

	}

}
