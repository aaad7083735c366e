package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

import io.ipcboot.pool.Tenure.Slot;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the slots of a pool filled: one state machine, driven by what happens to members
 * and by time. The policies decide what to do. Everything here runs on the loop.
 */
final class Supervisor implements Launcher.Listener {

	private final List<Slot> slots = new ArrayList<>();

	private final List<Tenure> members = new ArrayList<>();

	private final Spares spares = new Spares();

	private final Startup startup;

	private final Mortality mortality;

	private final RandomGenerator random = RandomGenerator.getDefault();

	private final PoolSettings settings;

	private final Launcher launcher;

	private final SupervisorLoop loop;

	private final Traffic traffic;

	private final Health health;

	/** Whether some have left for good. */
	private boolean retiring;

	private boolean stopping;

	Supervisor(PoolSettings settings, Launcher launcher, SupervisorLoop loop, Traffic traffic, Health health) {
		this.settings = settings;
		this.launcher = launcher;
		this.loop = loop;
		this.traffic = traffic;
		this.health = health;
		this.startup = new Startup(settings.failFast());
		this.mortality = new Mortality(settings.restart().backoff(), loop, health, this.startup);
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
		return this.startup.result();
	}

	List<Slot> slots() {
		return this.slots;
	}

	List<Tenure> members() {
		return this.members;
	}

	Spares spares() {
		return this.spares;
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
			refill(slot);
		}
		while (this.slots.size() > size) {
			Slot slot = this.slots.remove(this.slots.size() - 1);
			slot.removed = true;
			dismiss(slot.tenure);
			dismiss(slot.successor);
		}
		this.startup.check(this.slots);
	}

	/**
	 * Let all members leave and start none.
	 * @param grace how long they may take to finish
	 * @return completes when they have left
	 */
	CompletableFuture<Void> stop(Duration grace) {
		this.stopping = true;
		this.health.stop();
		this.startup.abort(new PoolClosedException(this.health.pool()));
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

	/**
	 * Let a member leave for good; nobody takes its place.
	 * @param grace how long it may take
	 */
	void retire(Tenure tenure, Duration grace) {
		this.retiring = true;
		if (tenure.slot != null) {
			tenure.slot.removed = true;
		}
		if (!tenure.leaving) {
			dismiss(tenure, grace);
		}
	}

	private void dismiss(Tenure tenure, Duration grace) {
		tenure.leaving = true;
		tenure.grace = grace;
		withdraw(tenure);
		if (tenure.member != null) {
			tenure.member.drain(grace);
		}
	}

	/** Give a member nothing more. */
	private void withdraw(Tenure tenure) {
		this.spares.remove(tenure);
		if (tenure.seat != null) {
			this.traffic.close(tenure.seat);
		}
	}

	/**
	 * Put another member into a slot, and let the one that serves, if there is one, leave
	 * when the other is ready.
	 * @param fresh whether a spare is not good enough, since it was started before
	 * @return completes with {@code null} when the other serves, or with why it could not
	 * start; the old one then stays
	 */
	CompletableFuture<@Nullable WorkerStartException> replace(Slot slot, boolean fresh) {
		if (slot.tenure == null) {
			slot.tenure = launch(slot);
			return slot.tenure.outcome;
		}
		Tenure next = fresh ? null : this.spares.take();
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
		Tenure spare = this.spares.take();
		if (spare != null) {
			seat(spare, slot);
			addSpares();
		}
		else {
			slot.tenure = launch(slot);
		}
	}

	/**
	 * A degraded pool starts nothing but its probes.
	 */
	private void refill(Slot slot) {
		if (!this.health.isDegraded()) {
			fill(slot);
		}
	}

	private void addSpares() {
		if (this.stopping || this.retiring || this.health.isDegraded()) {
			return;
		}
		for (int i = this.spares.count(); i < this.settings.spares(); i++) {
			this.spares.add(launch(null));
		}
	}

	private Tenure launch(@Nullable Slot slot) {
		Tenure tenure = new Tenure(slot, this.settings.recycle().limitsFor(this.random));
		this.members.add(tenure);
		this.launcher.launch(tenure, this);
		return tenure;
	}

	@Override
	public void begun(Tenure tenure, Member member) {
		if (tenure.member == null) {
			tenure.member = member;
			if (tenure.leaving) {
				member.drain(tenure.grace);
			}
		}
	}

	@Override
	public void leaving(Tenure tenure) {
		tenure.departing = true;
		withdraw(tenure);
	}

	@Override
	public void ready(Tenure tenure, Member member) {
		begun(tenure, member);
		if (tenure.leaving) {
			return;
		}
		tenure.readyAt = this.loop.nanoTime();
		tenure.lastSign = tenure.readyAt;
		Slot slot = tenure.slot;
		tenure.seat = new Seat(member, (slot != null) ? slot.number : -1);
		if (slot == null) {
			this.spares.ready(tenure);
			emptySlot().ifPresent(this::fill);
		}
		else if (slot.successor == tenure) {
			slot.successor = null;
			succeed(slot, tenure);
		}
		else {
			seat(tenure, slot);
		}
	}

	private Optional<Slot> emptySlot() {
		return this.slots.stream().filter((slot) -> slot.tenure == null).findFirst();
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
		recover();
		this.startup.check(this.slots);
	}

	private void recover() {
		if (this.health.recovered()) {
			List.copyOf(this.slots).forEach(this::fill);
			addSpares();
		}
	}

	@Override
	public void exited(Tenure tenure, Member.Exited exit) {
		if (!this.members.remove(tenure)) {
			// a start that has failed half way is told twice
			return;
		}
		withdraw(tenure);
		tenure.outcome.complete(exit.startFailure());
		tenure.ended.complete(null);
		if (this.stopping) {
			return;
		}
		this.mortality.report(tenure, exit);
		Slot slot = tenure.slot;
		if (slot == null) {
			spareEnded(tenure, exit);
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

	private void spareEnded(Tenure tenure, Member.Exited exit) {
		Duration pause = Duration.ZERO;
		if (!tenure.leaving) {
			this.spares.deaths = this.mortality.inARow(this.spares.deaths, tenure, exit);
			pause = this.mortality.pause(this.spares.deaths);
		}
		this.loop.schedule(this::addSpares, pause);
	}

	private void vacated(Slot slot, Tenure tenure, Member.Exited exit) {
		// its replacement may be on its way already
		slot.tenure = slot.successor;
		slot.successor = null;
		if (tenure.leaving) {
			refill(slot);
		}
		else if (!this.mortality.count(slot, tenure, exit)) {
			Duration pause = this.spares.isAnyReady() ? Duration.ZERO : this.mortality.pause(slot.deaths);
			this.loop.schedule(() -> refill(slot), pause);
		}
		this.startup.check(this.slots);
	}

	private void probe() {
		if (this.slots.stream().allMatch(Slot::isServed)) {
			recover();
		}
		else if (this.members.stream().noneMatch((tenure) -> tenure.seat == null && !tenure.leaving)) {
			emptySlot().ifPresent(this::fill);
		}
	}

}
