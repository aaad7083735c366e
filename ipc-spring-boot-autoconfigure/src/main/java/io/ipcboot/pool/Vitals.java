package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Looks at the members of a pool from time to time: whether they give a sign of life, and
 * what memory they use. Any byte is a sign of life, and it is sent by a thread that
 * serves no listener, so a busy member is not taken for one that hangs. Runs on the loop.
 */
final class Vitals {

	private static final Log logger = LogFactory.getLog(Vitals.class);

	/** How often age and memory are looked at if there is no heartbeat. */
	private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(5);

	private final Supervisor supervisor;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	private final Recycling recycling;

	private final Executioner executioner;

	private final HandleRecall recall;

	private final boolean beating;

	private final Duration interval;

	private long expected;

	Vitals(Supervisor supervisor, PoolSettings settings, SupervisorLoop loop, Recycling recycling,
			Executioner executioner, HandleRecall recall) {
		this.supervisor = supervisor;
		this.settings = settings;
		this.loop = loop;
		this.recycling = recycling;
		this.executioner = executioner;
		this.recall = recall;
		this.beating = !settings.heartbeat().interval().isZero();
		this.interval = this.beating ? settings.heartbeat().interval() : DEFAULT_INTERVAL;
	}

	void start() {
		RecyclePolicy policy = this.settings.recycle();
		if (this.beating || policy.watchesMemory() || !policy.maxAge().isZero()) {
			plan(this.loop.nanoTime());
		}
	}

	/**
	 * Look again.
	 * @param from when the last look began, so that a pause in the midst of it counts too
	 */
	private void plan(long from) {
		this.expected = from + this.interval.toNanos();
		long left = Math.max(0, this.expected - this.loop.nanoTime());
		this.loop.schedule(this::look, Duration.ofNanos(left));
	}

	private void look() {
		if (this.supervisor.isStopping()) {
			return;
		}
		long now = this.loop.nanoTime();
		try {
			lookAtAll(now);
		}
		finally {
			plan(now);
		}
	}

	private void lookAtAll(long now) {
		long late = now - this.expected;
		boolean paused = late > this.interval.toNanos();
		if (paused) {
			logger.warn("This process did not run for %,d ms, so its workers get their time anew"
				.formatted(Duration.ofNanos(late).toMillis()));
		}
		List<Seat> seats = new ArrayList<>();
		for (Tenure tenure : List.copyOf(this.supervisor.members())) {
			if (tenure.seat != null && tenure.member != null && !tenure.leaving && !tenure.seat.isCondemned()) {
				look(tenure, tenure.member, tenure.seat, now, paused);
				if (tenure.isServing() && !tenure.seat.isCondemned()) {
					seats.add(tenure.seat);
				}
			}
		}
		if (this.beating) {
			this.recall.look(seats, now, paused);
		}
	}

	private void look(Tenure tenure, Member member, Seat seat, long now, boolean paused) {
		if (this.beating && !givesSign(tenure, member, now, paused)) {
			this.executioner.kill(seat, LossCause.HEARTBEAT, "has given no sign of life for %,d ms"
				.formatted(Duration.ofNanos(now - tenure.lastSign).toMillis()));
			return;
		}
		RecyclePolicy policy = this.settings.recycle();
		if (!this.beating && policy.heapAfterCollection() > 0) {
			// the answer says how full its heap is
			member.ping(DEFAULT_INTERVAL.multipliedBy(3));
		}
		if (policy.watchesMemory() && policy.isOverHardLimit(tenure.usage(now))) {
			this.executioner.kill(seat, LossCause.OUT_OF_MEMORY,
					"uses %,d MB of memory".formatted(member.memory().resident() >> 20));
		}
		else {
			this.recycling.check(tenure);
		}
	}

	private boolean givesSign(Tenure tenure, Member member, long now, boolean paused) {
		long bytes = member.bytesReceived();
		if (bytes != tenure.bytesSeen || paused) {
			tenure.bytesSeen = bytes;
			tenure.lastSign = now;
		}
		boolean alive = now - tenure.lastSign <= this.settings.heartbeat().timeout().toNanos();
		if (alive) {
			member.ping(this.settings.heartbeat().timeout());
		}
		return alive;
	}

}
