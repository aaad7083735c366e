package io.ipcboot.actuate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.pool.Worker;
import io.ipcboot.pool.WorkerObserver;
import io.ipcboot.pool.WorkerState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of the workers of all pools, which each of them is asked for. A worker that
 * does not answer in time has those that it had last, until it ends. Safe for use by
 * several threads.
 */
public final class WorkerMetrics implements WorkerObserver {

	/** Where a worker is asked for its metrics, and where they arrive. */
	static final String DESTINATION = "ipc.metrics";

	static final String POOL = "ipc_pool";

	static final String SLOT = "ipc_slot";

	private static final Log logger = LogFactory.getLog(WorkerMetrics.class);

	private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

	/** When a worker that does not answer is asked again. */
	private static final long REPETITION = TimeUnit.SECONDS.toNanos(10);

	/** In the order in which they became ready. */
	private final Map<Worker, Source> sources = new LinkedHashMap<>();

	@Override
	public void entered(Worker worker, WorkerState state) {
		if (state == WorkerState.READY && worker.id().pool() != null) {
			Source source = new Source(worker);
			worker.peer().listeners().addUrgent(DESTINATION, source::received);
			synchronized (this.sources) {
				this.sources.put(worker, source);
			}
		}
		else if (state == WorkerState.EXITED) {
			synchronized (this.sources) {
				this.sources.remove(worker);
			}
		}
	}

	/** Ask all workers at once, and return what they have said, with their labels. */
	List<MetricFamily> collect() {
		List<Source> asked;
		synchronized (this.sources) {
			asked = List.copyOf(this.sources.values());
		}
		await(asked.stream().map(Source::ask).toList());
		// while a worker is replaced, there are two of a slot, and the newer one counts
		Map<String, MetricFamilies> bySlot = new LinkedHashMap<>();
		for (Source source : asked) {
			PeerId id = source.worker.id();
			MetricFamilies latest = source.latest();
			if (latest != null && id.pool() != null && id.slot() >= 0) {
				String slot = Integer.toString(id.slot());
				Map<String, String> labels = new LinkedHashMap<>();
				labels.put(POOL, id.pool());
				labels.put(SLOT, slot);
				bySlot.put(id.pool() + "/" + slot, latest.with(labels));
			}
		}
		List<MetricFamily> all = new ArrayList<>();
		bySlot.values().forEach((of) -> all.addAll(of.families()));
		return all;
	}

	private static void await(List<CompletableFuture<Void>> answers) {
		try {
			CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new)).get(PATIENCE, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			// what was said last is better than nothing
		}
	}

	/**
	 * The metrics of one worker.
	 */
	private static final class Source {

		private final Worker worker;

		/** The answer that is awaited, or came last. */
		private CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);

		private long asked;

		private byte @Nullable [] unread;

		private @Nullable MetricFamilies latest;

		private boolean failed;

		Source(Worker worker) {
			this.worker = worker;
		}

		/**
		 * Ask, unless the worker has been asked already.
		 * @return completes with the answer, or at once if it is late
		 */
		synchronized CompletableFuture<Void> ask() {
			long age = System.nanoTime() - this.asked;
			if (this.worker.state() == WorkerState.READY && (this.answer.isDone() || age > REPETITION)) {
				this.answer = new CompletableFuture<>();
				this.asked = System.nanoTime();
				try {
					this.worker.peer().sendUrgent(DESTINATION, "", null);
				}
				catch (RuntimeException ex) {
					// the worker has just ended
					this.answer.complete(null);
				}
				return this.answer;
			}
			return (age < PATIENCE) ? this.answer : CompletableFuture.completedFuture(null);
		}

		@Nullable Object received(IpcMessage message) {
			CompletableFuture<Void> awaited;
			synchronized (this) {
				awaited = this.answer;
				if (!awaited.isDone()) {
					this.unread = message.getPayload();
				}
			}
			awaited.complete(null);
			return null;
		}

		@Nullable MetricFamilies latest() {
			byte[] json;
			synchronized (this) {
				json = this.unread;
				this.unread = null;
			}
			MetricFamilies read = (json != null) ? read(json) : null;
			synchronized (this) {
				this.latest = (read != null) ? read : this.latest;
				return this.latest;
			}
		}

		private @Nullable MetricFamilies read(byte[] json) {
			try {
				return MetricFamilies.read(json);
			}
			catch (RuntimeException ex) {
				if (!this.failed) {
					this.failed = true;
					logger.warn("The metrics of " + this.worker.id() + " cannot be read", ex);
				}
				return null;
			}
		}

	}

}
