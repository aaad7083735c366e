package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

import io.ipcboot.pool.Tenure.Slot;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the slots of a pool filled: one state machine, driven by what happens to members
 * and by time. The policies decide what to do. Everything here runs on the loop.
 */
final class Supervisor {

	private final List<Slot> slots = new ArrayList<>();

	private final List<Tenure> members = new ArrayList<>();

	private final Deque<Tenure> spares = new ArrayDeque<>();

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final RandomGenerator random = RandomGenerator.getDefault();

	private final PoolSettings settings;

	private final Member.Fleet fleet;

	private final SupervisorLoop loop;

	private final Traffic traffic;

	private final Health health;

	private boolean stopping;

	private int spareDeaths;

	Supervisor(PoolSettings settings, Member.Fleet fleet, SupervisorLoop loop, Traffic traffic, Health health) {
		this.settings = settings;
		this.fleet = fleet;
		this.loop = loop;
		this.traffic = traffic;
		this.health = health;
		health.onProbe(this::probe);
	}

	/**
	 * Fill all slots.
	 * @return completes when they are filled, or when the pool goes on without; fails if
	 * a member cannot start and that shall fail the start of the application
	 */
	CompletableFuture<Void> start() {
		resize(this.settings.size());
		addSpares();
		checkStarted();
		return this.started;
	}

	List<Slot> slots() {
		return this.slots;
	}

	List<Tenure> members() {
		return this.members;
	}

	int spares() {
		return this.spares.size();
	}

	boolean isStopping() {
		return this.stopping;
	}

	/**
	 * Have another number of slots. Those with the highest numbers go first.
	 */
	void resize(int size) {
		while (this.slots.size() < size) {
			Slot slot = new Slot(this.slots.size());
			this.slots.add(slot);
			fill(slot);
		}
		while (this.slots.size() > size) {
			Slot slot = this.slots.remove(this.slots.size() - 1);
			slot.removed = true;
			dismiss(slot.tenure);
			dismiss(slot.successor);
		}
	}

	/**
	 * Let all members leave and start none.
	 * @param grace how long they may take to finish
	 * @return completes when they have left
	 */
	CompletableFuture<Void> stop(Duration grace) {
		this.stopping = true;
		this.started.completeExceptionally(new PoolClosedException(this.health.pool()));
		List<Tenure> leaving = List.copyOf(this.members);
		leaving.forEach((tenure) -> dismiss(tenure, grace));
		return CompletableFuture
			.allOf(leaving.stream().map((tenure) -> tenure.ended).toArray(CompletableFuture<?>[]::new));
	}

	/**
	 * Let a member leave; its slot is filled again when it has left.
	 */
	void dismiss(@Nullable Tenure tenure) {
		if (tenure != null && !tenure.leaving) {
			dismiss(tenure, this.settings.drainTimeout());
		}
	}

	private void dismiss(Tenure tenure, Duration grace) {
		tenure.leaving = true;
		tenure.grace = grace;
		this.spares.remove(tenure);
		if (tenure.seat != null) {
			this.traffic.close(tenure.seat);
		}
		if (tenure.member != null) {
			tenure.member.drain(grace);
		}
	}

	/**
	 * Put another member into a slot, and let the one that serves leave when the other is
	 * ready.
	 * @return completes with {@code null} when the other serves, or with why it could not
	 * start; the old one then stays
	 */
	CompletableFuture<@Nullable WorkerStartException> replace(Slot slot) {
		if (slot.successor != null) {
			return slot.successor.outcome;
		}
		Tenure next = this.spares.poll();
		if (next != null) {
			succeed(slot, next);
			addSpares();
			return next.outcome;
		}
		slot.successor = launch(slot);
		return slot.successor.outcome;
	}

	private void fill(Slot slot) {
		if (slot.tenure != null || slot.removed || this.stopping) {
			return;
		}
		Tenure spare = this.spares.poll();
		if (spare != null) {
			seat(spare, slot);
			addSpares();
		}
		else {
			slot.tenure = launch(slot);
		}
	}

	private void addSpares() {
		long unassigned = this.members.stream().filter((tenure) -> tenure.slot == null && !tenure.leaving).count();
		for (long i = unassigned; i < this.settings.spares() && !this.stopping; i++) {
			launch(null);
		}
	}

	private Tenure launch(@Nullable Slot slot) {
		Tenure tenure = new Tenure(slot, this.settings.recycle().limitsFor(this.random));
		this.members.add(tenure);
		int number = (slot != null) ? slot.number : -1;
		this.loop.offload(() -> {
			try {
				Member member = this.fleet.start(number, (event) -> this.loop.execute(() -> handle(tenure, event)));
				this.loop.execute(() -> begun(tenure, member));
			}
			catch (RuntimeException | Error ex) {
				// for example, there is no thread to be had; the slot must not wait for
				// ever
				WorkerStartException failure = (ex instanceof WorkerStartException known) ? known
						: new WorkerStartException(new PeerId(this.health.pool(), number, -1),
								"it could not be started: " + ex, ex);
				this.loop.execute(
						() -> exited(tenure, new Member.Exited(false, String.valueOf(failure.getMessage()), failure)));
			}
		});
		return tenure;
	}

	private void handle(Tenure tenure, Member.Event event) {
		if (event instanceof Member.Ready ready) {
			begun(tenure, ready.member());
			ready(tenure, ready.member());
		}
		else if (event instanceof Member.Leaving) {
			leaving(tenure);
		}
		else if (event instanceof Member.Exited exited) {
			exited(tenure, exited);
		}
	}

	private void begun(Tenure tenure, Member member) {
		if (tenure.member == null) {
			tenure.member = member;
			if (tenure.leaving) {
				member.drain(tenure.grace);
			}
		}
	}

	private void ready(Tenure tenure, Member member) {
		if (tenure.leaving) {
			return;
		}
		tenure.readyAt = this.loop.nanoTime();
		tenure.lastSign = tenure.readyAt;
		Slot slot = tenure.slot;
		tenure.seat = new Seat(member, (slot != null) ? slot.number : -1);
		if (slot == null) {
			this.spareDeaths = 0;
			this.spares.add(tenure);
			this.slots.stream().filter((other) -> other.tenure == null).findFirst().ifPresent(this::fill);
		}
		else if (slot.successor == tenure) {
			slot.successor = null;
			succeed(slot, tenure);
		}
		else {
			seat(tenure, slot);
		}
	}

	private void succeed(Slot slot, Tenure next) {
		Tenure old = slot.tenure;
		seat(next, slot);
		dismiss(old);
	}

	private void seat(Tenure tenure, Slot slot) {
		Seat seat = tenure.seat;
		if (seat == null) {
			throw new IllegalStateException("Only a member that is ready can have a slot");
		}
		slot.tenure = tenure;
		tenure.slot = slot;
		if (seat.slot() != slot.number) {
			seat.assign(slot.number);
		}
		this.traffic.open(seat);
		tenure.outcome.complete(null);
		if (this.health.recovered()) {
			List.copyOf(this.slots).forEach(this::fill);
			addSpares();
		}
		checkStarted();
	}

	private void leaving(Tenure tenure) {
		if (tenure.seat != null) {
			this.traffic.close(tenure.seat);
		}
	}

	private void exited(Tenure tenure, Member.Exited exit) {
		this.members.remove(tenure);
		this.spares.remove(tenure);
		leaving(tenure);
		tenure.outcome.complete(exit.startFailure());
		tenure.ended.complete(null);
		if (this.stopping) {
			return;
		}
		Slot slot = tenure.slot;
		if (slot == null) {
			this.loop.schedule(this::addSpares, pause(++this.spareDeaths));
			return;
		}
		slot.lastExit = exit.problem();
		if (slot.successor == tenure) {
			slot.successor = null;
		}
		else if (slot.tenure == tenure) {
			vacated(slot, tenure, exit);
		}
	}

	private void vacated(Slot slot, Tenure tenure, Member.Exited exit) {
		slot.tenure = null;
		if (slot.successor != null) {
			// on its way already
			slot.tenure = slot.successor;
			slot.successor = null;
			countDeath(slot, tenure, exit);
		}
		else if (tenure.leaving) {
			fill(slot);
		}
		else if (!countDeath(slot, tenure, exit)) {
			this.loop.schedule(() -> refill(slot), this.spares.isEmpty() ? pause(slot.deaths) : Duration.ZERO);
		}
		checkStarted();
	}

	/**
	 * Count a death unless it was meant to be. One that has left in order by itself is
	 * not held against the pool, but if all do so, they are replaced ever more slowly.
	 * @return whether the pool starts no other member for now
	 */
	private boolean countDeath(Slot slot, Tenure tenure, Member.Exited exit) {
		if (tenure.leaving) {
			return false;
		}
		long lived = (exit.startFailure() == null) ? this.loop.nanoTime() - tenure.readyAt : 0;
		boolean livedLong = lived >= this.settings.restart().backoff().resetAfter().toNanos();
		slot.deaths = livedLong ? 1 : slot.deaths + 1;
		if (!this.started.isDone() && this.settings.failFast() && exit.startFailure() != null) {
			this.started.completeExceptionally(exit.startFailure());
			return true;
		}
		return exit.voluntary() ? this.health.isDegraded()
				: this.health.died(exit.startFailure() != null, exit.problem());
	}

	private void refill(Slot slot) {
		if (!this.health.isDegraded()) {
			fill(slot);
		}
	}

	private Duration pause(int deaths) {
		return this.settings.restart().backoff().pause(deaths, this.random.nextDouble());
	}

	private void probe() {
		this.slots.stream().filter((slot) -> slot.tenure == null).findFirst().ifPresent(this::fill);
	}

	private void checkStarted() {
		if (!this.started.isDone() && this.slots.stream().allMatch(this::isStarted)) {
			this.started.complete(null);
		}
	}

	private boolean isStarted(Slot slot) {
		boolean serves = slot.tenure != null && slot.tenure.seat != null;
		return serves || (!this.settings.failFast() && slot.deaths > 0);
	}

}
