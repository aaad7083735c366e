package io.ipcboot.pool;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.ipcboot.messaging.Exchange;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.pool.Tenure.Slot;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One time that a pool is in operation, from its start to its stop: the parts that
 * supervise it, wired up.
 */
final class Operation implements TrafficObserver {

	private static final Log logger = LogFactory.getLog(Operation.class);

	/** What is left of the grace when those leave that have nothing to do. */
	private static final Duration LAST_PART = Duration.ofSeconds(5);

	private final String pool;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	private final PoolObserver observer;

	private final Quarantine quarantine;

	private final Traffic traffic;

	private final Health health;

	private final Supervisor supervisor;

	private final Turnover turnover;

	private final Recycling recycling;

	private final Executioner executioner;

	private final Vitals vitals;

	private @Nullable Rollout rollout;

	private volatile boolean running;

	/** When all members must have left, once the time for it runs out. */
	private volatile @Nullable Long deadline;

	Operation(String pool, PoolSettings settings, Duration sendTimeout, Member.Fleet fleet, SupervisorLoop loop,
			Quarantine quarantine, PoolObserver observer) {
		this.pool = pool;
		this.settings = settings;
		this.loop = loop;
		this.observer = observer;
		this.quarantine = quarantine;
		this.traffic = new Traffic(pool, settings, sendTimeout, loop, quarantine, this);
		this.health = new Health(pool, settings.restart(), loop, this.traffic, observer);
		this.supervisor = new Supervisor(settings, new Launcher(pool, fleet, loop), loop, this.traffic, this.health);
		this.turnover = new Turnover(settings.recycle().parallel());
		this.recycling = new Recycling(this.supervisor, settings, loop, this.turnover);
		this.executioner = new Executioner(this.traffic, settings, loop);
		this.vitals = new Vitals(this.supervisor, settings, loop, this.recycling, this.executioner,
				new HandleRecall(this.traffic, settings, loop));
	}

	Traffic traffic() {
		return this.traffic;
	}

	/** Fill all slots. */
	CompletableFuture<Void> start() {
		CompletableFuture<Void> result = new CompletableFuture<>();
		this.loop.execute(() -> {
			this.vitals.start();
			this.supervisor.start().whenComplete((nothing, ex) -> {
				this.running = ex == null;
				if (ex != null) {
					result.completeExceptionally(ex);
				}
				else {
					result.complete(null);
				}
			});
		});
		return result;
	}

	/** Finish what was taken, take nothing new, and let all members leave. */
	CompletableFuture<Void> stop(Duration grace) {
		long deadline = this.loop.nanoTime() + grace.toNanos();
		CompletableFuture<Void> stopped = new CompletableFuture<>();
		CompletableFuture<Void> idle = this.traffic.stopAccepting();
		Runnable dismiss = () -> this.loop.execute(() -> {
			this.traffic.end();
			this.supervisor.stop(until(deadline)).thenRun(() -> stopped.complete(null));
		});
		if (!this.running) {
			// nobody waits for it to get ready any more
			dismiss.run();
		}
		else {
			SupervisorLoop.Alarm late = this.loop.schedule(() -> {
				this.deadline = deadline;
				retireFinished();
			}, grace.minus(lastPart(grace)));
			SupervisorLoop.Alarm tooLate = this.loop.schedule(() -> idle.complete(null), grace);
			idle.thenRun(() -> {
				late.cancel();
				tooLate.cancel();
				dismiss.run();
			});
		}
		return stopped;
	}

	private static Duration lastPart(Duration grace) {
		Duration half = grace.dividedBy(2);
		return (half.compareTo(LAST_PART) < 0) ? half : LAST_PART;
	}

	/**
	 * One that is late must not take the others with it at the deadline. Until then they
	 * stay for what somebody gives back.
	 */
	private void retireFinished() {
		Long end = this.deadline;
		if (end != null) {
			List.copyOf(this.supervisor.members())
				.stream()
				.filter((tenure) -> tenure.seat != null && this.traffic.isFinished(tenure.seat))
				.forEach((tenure) -> this.supervisor.retire(tenure, until(end)));
		}
	}

	private Duration until(long end) {
		return Duration.ofNanos(Math.max(0, end - this.loop.nanoTime()));
	}

	CompletableFuture<Void> resize(int size) {
		return onLoop(() -> {
			logger.info("Pool '%s' gets %d workers instead of %d".formatted(this.pool, size,
					this.supervisor.slots().size()));
			this.supervisor.resize(size);
			return null;
		});
	}

	/** Replace all members. If that is under way, join. */
	CompletableFuture<RolloutResult> restart() {
		CompletableFuture<RolloutResult> result = new CompletableFuture<>();
		this.loop.execute(() -> {
			if (this.rollout == null || this.rollout.result().isDone()) {
				this.rollout = new Rollout(this.pool, this.supervisor, this.turnover);
				this.rollout.begin();
			}
			this.rollout.result().thenAccept((outcome) -> this.loop.offload(() -> result.complete(outcome)));
		});
		return result;
	}

	/** Let the member of a slot finish and leave; another one takes its place. */
	CompletableFuture<Boolean> drain(int number) {
		return onLoop(() -> {
			Tenure tenure = tenure(number);
			this.supervisor.dismiss(tenure);
			return tenure != null;
		});
	}

	/** Replace the member of a slot, the replacement first. */
	CompletableFuture<Boolean> recycle(int number, String reason) {
		return onLoop(() -> {
			Tenure tenure = tenure(number);
			if (tenure != null) {
				this.recycling.recycle(tenure, reason);
			}
			return tenure != null;
		});
	}

	/** Kill the member of a slot. */
	CompletableFuture<Boolean> kill(int number) {
		return onLoop(() -> {
			Tenure tenure = tenure(number);
			if (tenure == null || tenure.member == null) {
				return false;
			}
			tenure.killed = true;
			tenure.member.kill(LossCause.KILLED);
			return true;
		});
	}

	private @Nullable Tenure tenure(int number) {
		return this.supervisor.slots()
			.stream()
			.filter((slot) -> slot.number == number)
			.findFirst()
			.map((slot) -> slot.tenure)
			.orElse(null);
	}

	private <T extends @Nullable Object> CompletableFuture<T> onLoop(Supplier<T> action) {
		CompletableFuture<T> result = new CompletableFuture<>();
		this.loop.execute(() -> {
			try {
				T value = action.get();
				// whoever waits for it may ask for more, and must not do so on the loop
				this.loop.offload(() -> result.complete(value));
			}
			catch (RuntimeException ex) {
				this.loop.offload(() -> result.completeExceptionally(ex));
			}
		});
		return result;
	}

	CompletableFuture<PoolSnapshot> snapshot() {
		return onLoop(() -> new PoolSnapshot(this.pool, state(), this.health.degradation(),
				this.supervisor.slots().stream().map(this::snapshot).toList(), this.supervisor.spares().ready(),
				this.traffic.waiting(), this.settings.queueCapacity(), this.traffic.refused(),
				this.quarantine.entries()));
	}

	private SlotSnapshot snapshot(Slot slot) {
		Tenure tenure = slot.tenure;
		Member member = (tenure != null) ? tenure.member : null;
		if (tenure == null || member == null) {
			return new SlotSnapshot(slot.number, null, -1, Duration.ZERO, 0, 0, 0, 0, slot.deaths, slot.lastExit);
		}
		RecyclePolicy.Usage usage = tenure.usage(this.loop.nanoTime());
		Member.Memory memory = member.memory();
		int inFlight = (tenure.seat != null) ? this.traffic.outstanding(tenure.seat) : 0;
		return new SlotSnapshot(slot.number, tenure.state(), member.id().pid(), usage.age(), usage.calls(), inFlight,
				memory.resident(), memory.heapAfterCollection(), slot.deaths, slot.lastExit);
	}

	private PoolState state() {
		if (this.supervisor.isStopping()) {
			return PoolState.STOPPING;
		}
		if (this.health.isDegraded()) {
			return PoolState.DEGRADED;
		}
		return this.running ? PoolState.RUNNING : PoolState.STARTING;
	}

	@Override
	public void served(Seat seat) {
		if (this.deadline != null) {
			this.loop.execute(this::retireFinished);
		}
		long limit = this.settings.recycle().maxCalls();
		// the jitter only ever adds to the limit
		if (limit > 0 && seat.served() >= limit) {
			this.loop.execute(() -> List.copyOf(this.supervisor.members())
				.stream()
				.filter((tenure) -> tenure.seat == seat)
				.forEach(this.recycling::check));
		}
	}

	@Override
	public void overdue(Seat seat, Exchange exchange) {
		this.executioner.overdue(seat, exchange);
	}

	@Override
	public void suspected(Quarantine.Entry entry) {
		logger.warn("Pool '%s' refuses the message [%s] for %,d s, as %d workers have died of it".formatted(this.pool,
				entry.id(), entry.remaining().toSeconds(), entry.deaths()));
		this.observer.quarantined(this.pool, entry);
	}

}
