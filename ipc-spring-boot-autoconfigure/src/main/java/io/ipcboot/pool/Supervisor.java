package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

import io.ipcboot.pool.PoolEntry.EntryState;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the slots of a pool filled. The only class that starts workers and tells them to
 * leave, in reaction to events of workers and timers. Used by its loop only.
 */
final class Supervisor implements WorkerStarter.EntryObserver {

	/** The pause before a place is filled that an error has left empty. */
	static final Duration REPAIR_PAUSE = Duration.ofSeconds(1);

	private final List<Slot> slots = new ArrayList<>();

	private final List<PoolEntry> workers = new ArrayList<>();

	private final Spares spares = new Spares();

	private final RandomGenerator random = RandomGenerator.getDefault();

	/** Completes when the pool has started. */
	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final String pool;

	private final PoolSettings settings;

	private final WorkerStarter starter;

	private final SupervisorLoop loop;

	private final PoolRouter router;

	private final RestartPolicy restartPolicy;

	private final Succession succession;

	/** Whether workers left for good, so that no spare is started any more. */
	private boolean retiring;

	private boolean stopping;

	Supervisor(String pool, PoolSettings settings, WorkerStarter starter, SupervisorLoop loop, PoolRouter router,
			RestartPolicy.HealthObserver observer) {
		this.pool = pool;
		this.settings = settings;
		this.starter = starter;
		this.loop = loop;
		this.router = router;
		this.restartPolicy = new RestartPolicy(pool, settings.restart(), loop, this.random, router, observer,
				this::probe);
		this.succession = new Succession(loop, router, (load) -> workerOf(load).isPresent());
	}

	/**
	 * Fill all slots.
	 * @return completes when all slots are filled or, if the pool may start degraded,
	 * when each was tried; fails if a worker cannot start and the pool must not start
	 * degraded
	 */
	CompletableFuture<Void> start() {
		resize(this.settings.size());
		addSpares();
		return this.started;
	}

	List<Slot> slots() {
		return this.slots;
	}

	/** Return all workers that have not ended, spares and successors too. */
	List<PoolEntry> workers() {
		return this.workers;
	}

	/** Return the worker that has a load. */
	Optional<PoolEntry> workerOf(WorkerLoad load) {
		return this.workers.stream().filter((entry) -> entry.load == load).findFirst();
	}

	Spares spares() {
		return this.spares;
	}

	boolean isStopping() {
		return this.stopping;
	}

	/**
	 * Change the number of slots. The slots with the highest numbers are removed first.
	 */
	void resize(int size) {
		this.router.expect(size);
		while (this.slots.size() < size) {
			Slot slot = new Slot(this.slots.size());
			this.slots.add(slot);
			refill(slot);
		}
		while (this.slots.size() > size) {
			Slot slot = this.slots.remove(this.slots.size() - 1);
			slot.removed = true;
			dismiss(slot.entry);
			dismiss(slot.successor);
		}
		checkStarted();
	}

	/**
	 * Let all workers leave, and start no others.
	 * @param grace how long the workers may take to finish
	 * @return completes when all workers have left
	 */
	CompletableFuture<Void> stop(Duration grace) {
		this.stopping = true;
		this.restartPolicy.stop();
		this.started.completeExceptionally(new PoolClosedException(this.pool));
		List<PoolEntry> leaving = List.copyOf(this.workers);
		leaving.forEach((entry) -> dismiss(entry, grace));
		return CompletableFuture
			.allOf(leaving.stream().map((entry) -> entry.ended).toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Let the workers print their threads that are going to be killed because they have
	 * not finished. Those that were told to leave have their own time.
	 */
	void printThreads() {
		for (PoolEntry entry : this.workers) {
			if (entry.worker != null && !entry.isDismissed()) {
				entry.worker.printThreads();
			}
		}
	}

	/**
	 * Let a worker leave; its slot is filled again when it has left.
	 */
	void dismiss(@Nullable PoolEntry entry) {
		if (entry != null && !entry.isDismissed()) {
			dismiss(entry, this.settings.drainTimeout());
		}
	}

	/**
	 * Let a worker leave for good; its slot stays empty.
	 * @param grace how long the worker may take
	 */
	void retire(PoolEntry entry, Duration grace) {
		this.retiring = true;
		if (entry.slot != null) {
			entry.slot.removed = true;
		}
		if (!entry.isDismissed()) {
			dismiss(entry, grace);
		}
	}

	private void dismiss(PoolEntry entry, Duration grace) {
		entry.enter(EntryState.DISMISSED);
		entry.grace = grace;
		takeOutOfService(entry);
		if (entry.worker != null) {
			entry.worker.drain(grace);
		}
		else {
			this.starter.withdraw(entry, this);
		}
	}

	/** Take the slot from a worker, and send it no more messages. */
	private void takeOutOfService(PoolEntry entry) {
		this.spares.remove(entry);
		if (entry.load != null) {
			this.router.close(entry.load);
		}
	}

	/**
	 * Put another worker into a slot. A worker that serves there leaves when the other is
	 * ready.
	 * @param fresh whether the other worker has to be started now, so that no spare may
	 * be used
	 * @return completes with {@code null} when the other worker serves, or with the
	 * reason why it could not start; the old worker then stays
	 */
	CompletableFuture<@Nullable WorkerStartException> replace(Slot slot, boolean fresh) {
		if (slot.entry == null) {
			slot.entry = launch(slot);
			return slot.entry.outcome;
		}
		PoolEntry next = fresh ? null : this.spares.take();
		if (next != null) {
			takeOver(slot, next);
			addSpares();
			return next.outcome;
		}
		slot.successor = launch(slot);
		return slot.successor.outcome;
	}

	private void fill(Slot slot) {
		if (slot.entry != null || slot.removed || this.stopping) {
			return;
		}
		PoolEntry spare = this.spares.take();
		if (spare != null) {
			occupy(slot, spare);
			addSpares();
		}
		else {
			slot.entry = launch(slot);
		}
	}

	/**
	 * Fill a slot unless the pool is degraded; a degraded pool only starts trial workers.
	 */
	private void refill(Slot slot) {
		if (!this.restartPolicy.isDegraded()) {
			fill(slot);
		}
	}

	private void addSpares() {
		if (this.stopping || this.retiring || this.restartPolicy.isDegraded()) {
			return;
		}
		for (int i = this.spares.count(); i < this.settings.spares(); i++) {
			this.spares.add(launch(null));
		}
	}

	private PoolEntry launch(@Nullable Slot slot) {
		PoolEntry entry = new PoolEntry(slot, this.settings.recycle().limitsFor(this.random));
		this.workers.add(entry);
		boolean first = slot != null && slot.entry == null && (slot.deaths > 0 || slot.lastExit != null);
		this.starter.launch(entry, first, this);
		return entry;
	}

	@Override
	public void begun(PoolEntry entry, PooledWorker worker) {
		if (entry.worker == null) {
			entry.worker = worker;
			if (entry.isDismissed()) {
				worker.drain(entry.grace);
			}
		}
	}

	@Override
	public void leaving(PoolEntry entry) {
		entry.enter(EntryState.LEAVING);
		takeOutOfService(entry);
	}

	@Override
	public void ready(PoolEntry entry, PooledWorker worker) {
		begun(entry, worker);
		if (!entry.enter(EntryState.READY)) {
			return;
		}
		try {
			takeIntoService(entry, worker);
		}
		catch (RuntimeException | Error ex) {
			// its end leads to another one
			worker.kill(LossCause.START_FAILED);
			throw ex;
		}
	}

	private void takeIntoService(PoolEntry entry, PooledWorker worker) {
		entry.readyAt = this.loop.nanoTime();
		entry.lastSign = entry.readyAt;
		entry.lastAnswer = entry.readyAt;
		Slot slot = entry.slot;
		entry.load = new WorkerLoad(worker, (slot != null) ? slot.number : -1);
		if (slot == null) {
			this.spares.ready(entry);
			emptySlot().ifPresent(this::fill);
		}
		else if (slot.successor == entry) {
			slot.successor = null;
			takeOver(slot, entry);
		}
		else {
			occupy(slot, entry);
		}
	}

	private Optional<Slot> emptySlot() {
		return this.slots.stream().filter((slot) -> slot.entry == null).findFirst();
	}

	private void takeOver(Slot slot, PoolEntry next) {
		PoolEntry old = slot.entry;
		WorkerLoad earlier = (old != null && keepsOrder()) ? old.load : null;
		if (earlier != null && next.load != null) {
			next.load.hold(true);
		}
		occupy(slot, next);
		dismiss(old);
		if (earlier != null && next.load != null) {
			this.succession.releaseAfter(earlier, next.load);
		}
	}

	/** Return whether messages come in order to the worker of a slot. */
	private boolean keepsOrder() {
		return this.slots.size() == 1 || this.settings.balancing() == Balancing.BY_KEY;
	}

	/** Let a worker serve in a slot. */
	private void occupy(Slot slot, PoolEntry entry) {
		WorkerLoad load = entry.load;
		if (load == null) {
			throw new IllegalStateException("Only a worker that is ready can serve in a slot");
		}
		slot.entry = entry;
		entry.slot = slot;
		if (load.slot() != slot.number) {
			load.assign(slot.number);
		}
		this.router.open(load);
		entry.outcome.complete(null);
		recover();
		checkStarted();
	}

	private void recover() {
		if (!this.stopping && this.restartPolicy.recover()) {
			List.copyOf(this.slots).forEach(this::fill);
			addSpares();
		}
	}

	private void checkStarted() {
		if (!this.started.isDone() && this.slots.stream().allMatch(this::isStarted)) {
			this.started.complete(null);
		}
	}

	private boolean isStarted(Slot slot) {
		return slot.isServed() || (!this.settings.failFast() && slot.deaths > 0);
	}

	/**
	 * Fail the start of the pool, if it is still starting and must not start degraded.
	 */
	private boolean failStart(RuntimeException failure) {
		return this.settings.failFast() && this.started.completeExceptionally(failure);
	}

	@Override
	public void exited(PoolEntry entry, WorkerExit exit) {
		if (!this.workers.remove(entry)) {
			// a start that fails half way is reported twice
			return;
		}
		try {
			ended(entry, exit);
		}
		catch (RuntimeException | Error ex) {
			abandon(entry, exit);
			planRepair();
			throw ex;
		}
	}

	private void ended(PoolEntry entry, WorkerExit exit) {
		takeOutOfService(entry);
		entry.outcome.complete(exit.startFailure());
		entry.ended.complete(null);
		if (this.stopping) {
			return;
		}
		this.restartPolicy.logFailedStart(entry, exit);
		Slot slot = entry.slot;
		if (slot == null) {
			spareEnded(entry, exit);
			return;
		}
		slot.ended(exit, this.loop.nanoTime());
		if (slot.successor == entry) {
			slot.successor = null;
		}
		else if (slot.entry == entry) {
			vacated(slot, entry, exit);
		}
	}

	/**
	 * Let nobody wait for a worker whose end could not be handled, for want of memory
	 * perhaps.
	 */
	private void abandon(PoolEntry entry, WorkerExit exit) {
		entry.outcome.complete(exit.startFailure());
		entry.ended.complete(null);
		Slot slot = entry.slot;
		if (slot != null && slot.successor == entry) {
			slot.successor = null;
		}
		if (slot != null && slot.entry == entry) {
			slot.entry = slot.successor;
			slot.successor = null;
		}
		takeOutOfService(entry);
	}

	/** Fill something later. If that fails, it is tried again. */
	private void plan(Runnable filling, Duration pause) {
		this.loop.schedule(() -> {
			try {
				filling.run();
			}
			catch (RuntimeException | Error ex) {
				planRepair();
				throw ex;
			}
		}, pause);
	}

	/** Fill after a moment what an error has left empty. */
	private void planRepair() {
		plan(() -> {
			List.copyOf(this.slots).forEach(this::refill);
			addSpares();
		}, REPAIR_PAUSE);
	}

	private void spareEnded(PoolEntry entry, WorkerExit exit) {
		Duration pause = Duration.ZERO;
		if (!entry.isDismissed()) {
			this.spares.deaths = this.restartPolicy.deathsInARow(this.spares.deaths, entry, exit);
			pause = this.restartPolicy.pause(this.spares.deaths);
		}
		plan(this::addSpares, pause);
	}

	private void vacated(Slot slot, PoolEntry entry, WorkerExit exit) {
		// the successor may be starting already
		slot.entry = slot.successor;
		slot.successor = null;
		if (entry.isDismissed()) {
			refill(slot);
		}
		else {
			died(slot, entry, exit);
		}
		checkStarted();
	}

	private void died(Slot slot, PoolEntry entry, WorkerExit exit) {
		slot.deaths = this.restartPolicy.deathsInARow(slot.deaths, entry, exit);
		WorkerStartException failure = exit.startFailure();
		if (failure != null && failStart(failure)) {
			return;
		}
		Duration pause = this.restartPolicy.afterDeath(slot.deaths, entry, exit);
		String degradation = this.router.degradation();
		if (pause != null) {
			this.router.explainAbsence(this.restartPolicy.describeReplacement(entry, exit, pause));
			plan(() -> refill(slot), this.spares.isAnyReady() ? Duration.ZERO : pause);
		}
		else if (degradation != null) {
			failStart(new PoolDegradedException(this.pool, degradation));
		}
	}

	/**
	 * Start a trial worker while the pool is degraded, unless a worker is already
	 * starting.
	 */
	private void probe() {
		if (this.slots.stream().allMatch(Slot::isServed)) {
			recover();
		}
		else if (this.workers.stream().noneMatch((entry) -> entry.load == null && !entry.isDismissed())) {
			emptySlot().ifPresent(this::fill);
		}
	}

}
