package io.ipcboot.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

import io.ipcboot.WorkerEvent;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.channel.PeerId;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.pool.TrafficObserver;
import io.ipcboot.pool.WorkerState;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationListener;

/**
 * Meters of the pools. Tags are the pool, the slot, a state or a cause, so a worker that
 * is replaced adds no meter. A pool that does not answer in time has the values that it
 * had last.
 */
public final class PoolMetrics implements MeterBinder, TrafficObserver, ApplicationListener<WorkerEvent> {

	private final Map<Long, Long> starting = new ConcurrentHashMap<>();

	private final Map<String, SlotMeters> slots = new ConcurrentHashMap<>();

	private final Map<String, PeerTotals> totals = new ConcurrentHashMap<>();

	private final PoolSnapshots snapshots;

	private final ToIntFunction<String> concurrency;

	private volatile TrafficObserver traffic = NONE;

	private volatile @Nullable MeterRegistry registry;

	/**
	 * Create the meters.
	 * @param snapshots has the pools
	 * @param concurrency returns how many calls a worker of a pool runs at a time
	 */
	public PoolMetrics(PoolSnapshots snapshots, ToIntFunction<String> concurrency) {
		this.snapshots = snapshots;
		this.concurrency = concurrency;
	}

	@Override
	public void bindTo(MeterRegistry newRegistry) {
		for (String pool : this.snapshots.pools()) {
			bind(pool, newRegistry);
			this.totals.put(pool, new PeerTotals(pool, newRegistry));
			SlotMeters meters = new SlotMeters(pool, newRegistry);
			this.slots.put(pool, meters);
			meters.update();
		}
		this.traffic = new TrafficMeters(this.snapshots.pools(), newRegistry);
		this.registry = newRegistry;
	}

	private void bind(String pool, MeterRegistry target) {
		for (WorkerState state : List.of(WorkerState.STARTING, WorkerState.READY, WorkerState.DRAINING)) {
			gauge("ipc.pool.workers", "Workers in a state", pool,
					Tags.of("state", state.name().toLowerCase(Locale.ROOT)), target,
					(snapshot) -> PoolLoad.inState(snapshot, state));
		}
		gauge("ipc.pool.size", "Slots for workers", pool, Tags.empty(), target, (snapshot) -> snapshot.slots().size());
		gauge("ipc.pool.spares", "Workers that wait to take over a slot", pool, Tags.empty(), target,
				PoolSnapshot::spares);
		gauge("ipc.pool.waiting", "Messages and calls that wait for a worker", pool, Tags.empty(), target,
				PoolSnapshot::waiting);
		gauge("ipc.pool.queue.capacity", "Messages and calls that may wait for a worker", pool, Tags.empty(), target,
				PoolSnapshot::queueCapacity);
		int concurrencyOfPool = this.concurrency.applyAsInt(pool);
		gauge("ipc.pool.busy", "Share of the places for calls that are taken", pool, Tags.empty(), target,
				(snapshot) -> PoolLoad.busyShare(snapshot, concurrencyOfPool));
		gauge("ipc.quarantine", "Messages that are refused because workers died of them", pool, Tags.empty(), target,
				(snapshot) -> snapshot.quarantine().size());
	}

	private void gauge(String name, String description, String pool, Tags tags, MeterRegistry target,
			ToDoubleFunction<PoolSnapshot> value) {
		Gauge.builder(name, this.snapshots, (all) -> value(pool, value))
			.description(description)
			.tag("pool", pool)
			.tags(tags)
			.register(target);
	}

	private double value(String pool, ToDoubleFunction<PoolSnapshot> value) {
		PoolSnapshot snapshot = this.snapshots.recent(pool);
		return (snapshot != null) ? value.applyAsDouble(snapshot) : Double.NaN;
	}

	private static double count(double value) {
		return Double.isNaN(value) ? 0 : value;
	}

	@Override
	public void waited(String pool, Duration time) {
		this.traffic.waited(pool, time);
	}

	@Override
	public void refused(String pool, RefusalReason reason) {
		this.traffic.refused(pool, reason);
	}

	@Override
	public void lineDropped(String pool) {
		this.traffic.lineDropped(pool);
	}

	@Override
	public void onApplicationEvent(WorkerEvent event) {
		MeterRegistry target = this.registry;
		PeerId worker = event.getWorker();
		String pool = worker.pool();
		PeerTotals poolTotals = (pool != null) ? this.totals.get(pool) : null;
		if (target == null || pool == null || poolTotals == null) {
			return;
		}
		switch (event.getState()) {
			case STARTING -> {
				this.starting.put(worker.pid(), event.getTimestamp());
				poolTotals.started(event.getProcess());
			}
			case READY -> {
				Long start = this.starting.remove(worker.pid());
				if (start != null) {
					Timer.builder("ipc.worker.startup")
						.description("Time from the start of a worker until it takes messages")
						.tag("pool", pool)
						.register(target)
						.record(Duration.ofMillis(event.getTimestamp() - start));
				}
			}
			case EXITED -> {
				this.starting.remove(worker.pid());
				poolTotals.ended(event.getProcess());
				Counter.builder("ipc.worker.exits")
					.description("Workers that have ended")
					.tag("pool", pool)
					.tag("cause", cause((WorkerExitedEvent) event))
					.register(target)
					.increment();
			}
			default -> {
			}
		}
		SlotMeters meters = this.slots.get(pool);
		if (meters != null) {
			meters.update();
		}
	}

	private static String cause(WorkerExitedEvent event) {
		return (event.getCause() != null) ? event.getCause().name().toLowerCase(Locale.ROOT) : "left";
	}

	/**
	 * Meters of the slots of a pool, of which there may be more or fewer later.
	 */
	private final class SlotMeters {

		private final String pool;

		private final MeterRegistry target;

		private final MultiGauge memory;

		private final MultiGauge inFlight;

		private int size;

		private int counted;

		SlotMeters(String pool, MeterRegistry target) {
			this.pool = pool;
			this.target = target;
			this.memory = MultiGauge.builder("ipc.worker.memory")
				.description("Memory of a worker")
				.baseUnit(BaseUnits.BYTES)
				.tag("pool", pool)
				.register(target);
			this.inFlight = MultiGauge.builder("ipc.worker.in.flight")
				.description("Messages and calls that a worker has")
				.tag("pool", pool)
				.register(target);
		}

		synchronized void update() {
			PoolSnapshot snapshot = PoolMetrics.this.snapshots.recent(this.pool);
			int now = (snapshot != null) ? snapshot.slots().size() : this.size;
			if (now == this.size) {
				return;
			}
			this.size = now;
			this.memory.register(IntStream.range(0, now).boxed().<MultiGauge.Row<?>>mapMulti((slot, rows) -> {
				rows.accept(row(slot, Tags.of("area", "resident"), SlotSnapshot::resident));
				rows.accept(row(slot, Tags.of("area", "heap"), SlotSnapshot::heapAfterCollection));
			}).toList(), true);
			this.inFlight.register(IntStream.range(0, now)
				.mapToObj((slot) -> row(slot, Tags.empty(), SlotSnapshot::inFlight))
				.toList(), true);
			for (; this.counted < now; this.counted++) {
				int slot = this.counted;
				FunctionCounter.builder("ipc.worker.served", this, (meters) -> count(value(slot, SlotSnapshot::served)))
					.description("Messages and calls that the worker of a slot is done with")
					.tag("pool", this.pool)
					.tag("slot", Integer.toString(slot))
					.register(this.target);
			}
		}

		private MultiGauge.Row<SlotMeters> row(int slot, Tags tags, ToDoubleFunction<SlotSnapshot> value) {
			return MultiGauge.Row.of(tags.and("slot", Integer.toString(slot)), this,
					(meters) -> meters.value(slot, value));
		}

		private double value(int slot, ToDoubleFunction<SlotSnapshot> value) {
			return PoolMetrics.this.value(this.pool, (snapshot) -> (slot < snapshot.slots().size())
					? value.applyAsDouble(snapshot.slots().get(slot)) : Double.NaN);
		}

	}

}
