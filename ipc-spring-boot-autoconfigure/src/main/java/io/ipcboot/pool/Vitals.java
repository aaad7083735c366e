package io.ipcboot.pool;

import java.time.Duration;
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

	private final Supervisor supervisor;

	private final PoolSettings settings;

	private final SupervisorLoop loop;

	private final Recycling recycling;

	private final Executioner executioner;

	private long expected;

	Vitals(Supervisor supervisor, PoolSettings settings, SupervisorLoop loop, Recycling recycling,
			Executioner executioner) {
		this.supervisor = supervisor;
		this.settings = settings;
		this.loop = loop;
		this.recycling = recycling;
		this.executioner = executioner;
	}

	void start() {
		if (!this.settings.heartbeat().interval().isZero()) {
			plan();
		}
	}

	private void plan() {
		Duration interval = this.settings.heartbeat().interval();
		this.expected = this.loop.nanoTime() + interval.toNanos();
		this.loop.schedule(this::look, interval);
	}

	private void look() {
		if (this.supervisor.isStopping()) {
			return;
		}
		long now = this.loop.nanoTime();
		long late = now - this.expected;
		boolean paused = late > this.settings.heartbeat().interval().toNanos();
		if (paused) {
			logger.warn("This process did not run for %,d ms, so its workers get their time anew"
				.formatted(Duration.ofNanos(late).toMillis()));
		}
		for (Tenure tenure : List.copyOf(this.supervisor.members())) {
			if (tenure.seat != null && tenure.member != null && !tenure.leaving && !tenure.condemned) {
				look(tenure, tenure.member, tenure.seat, now, paused);
			}
		}
		plan();
	}

	private void look(Tenure tenure, Member member, Seat seat, long now, boolean paused) {
		long bytes = member.bytesReceived();
		if (bytes != tenure.bytesSeen || paused) {
			tenure.bytesSeen = bytes;
			tenure.lastSign = now;
		}
		if (now - tenure.lastSign > this.settings.heartbeat().timeout().toNanos()) {
			tenure.condemned = true;
			this.executioner.kill(seat, LossCause.HEARTBEAT, "has given no sign of life for %,d ms"
				.formatted(Duration.ofNanos(now - tenure.lastSign).toMillis()));
			return;
		}
		member.ping();
		RecyclePolicy policy = this.settings.recycle();
		if (policy.watchesMemory() && policy.isOverHardLimit(tenure.usage(now))) {
			tenure.condemned = true;
			this.executioner.kill(seat, LossCause.OUT_OF_MEMORY,
					"uses %,d MB of memory".formatted(member.memory().resident() >> 20));
		}
		else {
			this.recycling.check(tenure);
		}
	}

}
