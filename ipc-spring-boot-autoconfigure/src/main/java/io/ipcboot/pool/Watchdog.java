package io.ipcboot.pool;

import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.ipcboot.channel.PauseAwareTimer;
import io.ipcboot.channel.UntrustedText;
import io.ipcboot.messaging.Exchange;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Kills serving workers that hang or are too big: a worker that gives no sign of life,
 * does not stop a call that timed out, or uses too much memory. Any byte is a sign of
 * life, but not for long if the worker does not read. A thread that runs no listeners
 * gives it, so a busy worker is not mistaken for a hanging one. Also checks regularly for
 * workers to be recycled and handles to be recalled. Used by the supervisor's loop only,
 * except for {@link #overdue}.
 */
final class Watchdog {

	private static final Log logger = LogFactory.getLog(Watchdog.class);

	/**
	 * How many times longer a worker that sends may read nothing: it may have much to
	 * send, and an answer waits its turn.
	 */
	private static final int UNREAD = 3;

	/** How often age and memory are looked at if there is no heartbeat. */
	private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

	private final Supervisor supervisor;

	private final PoolRouter router;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	private final Replacements replacements;

	private final HandleRecall recall;

	private final PauseAwareTimer timer;

	private final boolean beating;

	private final Duration interval;

	Watchdog(Supervisor supervisor, PoolRouter router, PoolSettings settings, SupervisorLoop loop,
			Replacements replacements) {
		this.supervisor = supervisor;
		this.router = router;
		this.settings = settings;
		this.loop = loop;
		this.replacements = replacements;
		this.recall = new HandleRecall(router, settings, loop);
		this.timer = loop.newTimer();
		this.beating = !settings.heartbeat().interval().isZero();
		this.interval = this.beating ? settings.heartbeat().interval() : DEFAULT_INTERVAL;
	}

	void start() {
		RecyclePolicy policy = this.settings.recycle();
		if (this.beating || policy.watchesMemory() || !policy.maxAge().isZero()) {
			this.timer.repeat(this::look, this.interval);
		}
	}

	private void look(Duration suspension) {
		if (this.supervisor.isStopping()) {
			this.timer.cancel();
			return;
		}
		boolean suspended = !suspension.isZero();
		if (suspended) {
			logger.warn("This process was suspended for %,d ms, so its workers get their full time again"
				.formatted(suspension.toMillis()));
		}
		long now = this.loop.nanoTime();
		List<WorkerLoad> loads = new ArrayList<>();
		for (PoolEntry entry : List.copyOf(this.supervisor.workers())) {
			if (entry.load != null && entry.worker != null && !entry.isDismissed() && !entry.isCondemned()) {
				look(entry, entry.worker, entry.load, now, suspended);
				if (entry.isServing() && !entry.isCondemned()) {
					loads.add(entry.load);
				}
			}
		}
		if (this.beating) {
			this.recall.look(loads, now, suspended);
		}
	}

	private void look(PoolEntry entry, PooledWorker worker, WorkerLoad load, long now, boolean suspended) {
		String silence = this.beating ? silence(entry, worker, now, suspended) : null;
		if (silence != null) {
			kill(entry, load, LossCause.HEARTBEAT, silence);
			return;
		}
		RecyclePolicy policy = this.settings.recycle();
		if (!this.beating && policy.heapAfterCollection() > 0) {
			// the answer reports how full the heap is
			worker.ping(DEFAULT_INTERVAL.multipliedBy(3));
		}
		if (policy.watchesMemory() && policy.isOverHardLimit(entry.usage(now))) {
			kill(entry, load, LossCause.OUT_OF_MEMORY,
					"uses %,d MB of memory".formatted(worker.memory().resident() >> 20));
		}
		else {
			this.replacements.check(entry);
		}
	}

	/**
	 * Ask a worker for a sign of life, unless it has given none for too long.
	 * @return what is wrong with the worker, or {@code null}
	 */
	private @Nullable String silence(PoolEntry entry, PooledWorker worker, long now, boolean suspended) {
		long bytes = worker.bytesReceived();
		if (bytes != entry.bytesSeen || suspended) {
			entry.bytesSeen = bytes;
			entry.lastSign = now;
		}
		long answers = worker.answeredPings();
		if (answers != entry.answersSeen || suspended) {
			entry.answersSeen = answers;
			entry.lastAnswer = now;
		}
		Duration timeout = this.settings.heartbeat().timeout();
		long limit = TimeUnit.NANOSECONDS.convert(timeout);
		if (now - entry.lastSign > limit) {
			return "gave no sign of life for %,d ms".formatted(Duration.ofNanos(now - entry.lastSign).toMillis());
		}
		if ((now - entry.lastAnswer) / UNREAD > limit) {
			return "sends, but has not answered for %,d ms"
				.formatted(Duration.ofNanos(now - entry.lastAnswer).toMillis());
		}
		worker.ping(timeout);
		return null;
	}

	/**
	 * Kill a worker that does not stop a call within the grace after the caller gave up.
	 * May be called on any thread.
	 */
	void overdue(WorkerLoad load, Exchange call) {
		if (this.settings.onTimeout() == PoolSettings.OnTimeout.RECYCLE) {
			// a call that is stopped must not be held until the grace is over
			WeakReference<Exchange> watched = new WeakReference<>(call);
			this.loop.newTimer().schedule(() -> killUnlessStopped(load, watched.get()), this.settings.killGrace());
		}
	}

	private void killUnlessStopped(WorkerLoad load, @Nullable Exchange call) {
		if (call != null && this.router.isAt(load, call)) {
			this.supervisor.workerOf(load)
				.ifPresent((entry) -> kill(entry, load, LossCause.DEADLINE,
						"did not stop the call of %s within %,d ms after the call timed out".formatted(
								UntrustedText.name(call.destination()),
								TimeUnit.MILLISECONDS.convert(this.settings.killGrace()))));
		}
	}

	private void kill(PoolEntry entry, WorkerLoad load, LossCause cause, String problem) {
		if (!entry.condemn()) {
			return;
		}
		// printing the threads takes a moment, and the worker must get no more messages
		this.router.close(load);
		logger.warn(
				"%s %s and is being killed; it was serving %s".formatted(load.worker().id(), problem, describe(load)));
		load.worker().kill(cause);
	}

	/** Return what a worker was serving; calls first, as only calls are waited for. */
	private String describe(WorkerLoad load) {
		List<Exchange> exchanges = this.router.at(load);
		int others = this.router.outstanding(load) - exchanges.size();
		Map<String, Long> counts = exchanges.stream()
			.sorted(Comparator.comparing(Exchange::isCall).reversed())
			.collect(Collectors.groupingBy(Exchange::destination, LinkedHashMap::new, Collectors.counting()));
		String served = counts.entrySet()
			.stream()
			.limit(10)
			.map((count) -> UntrustedText.name(count.getKey())
					+ ((count.getValue() > 1) ? " (%,d times)".formatted(count.getValue()) : ""))
			.collect(Collectors.joining(", "));
		return (served.isEmpty() ? "nothing" : served)
				+ ((others > 0) ? "; %,d more messages were waiting for it".formatted(others) : "");
	}

}
