package io.ipcboot.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PauseAwareTimer}, with a clock of their own.
 */
class PauseAwareTimerTests {

	private final PauseAwareTimer timer = new PauseAwareTimer(this::plan, () -> this.now);

	private final List<Duration> suspensions = new ArrayList<>();

	private long now;

	private @Nullable Runnable planned;

	private long due;

	private Duration delay = Duration.ZERO;

	private int runs;

	@Test
	void anActionRunsOnceAfterItsDelay() {
		this.timer.schedule(() -> this.runs++, Duration.ofMillis(100));
		advance(Duration.ofMillis(99));
		assertThat(this.runs).isZero();
		advance(Duration.ofMillis(1));
		advance(Duration.ofSeconds(10));
		assertThat(this.runs).isOne();
	}

	@Test
	void aDelayOfCenturiesIsNotOver() {
		this.now = Duration.ofDays(1000).toNanos();
		for (Duration delay : List.of(Duration.ofNanos(Long.MAX_VALUE), Duration.ofSeconds(Long.MAX_VALUE))) {
			this.timer.schedule(() -> this.runs++, delay);
			assertThat(this.planned).isNotNull();
			this.timer.repeat((suspension) -> this.runs++, delay);
			assertThat(this.planned).isNotNull();
		}
		assertThat(this.runs).isZero();
		assertThat(this.delay).isEqualTo(Duration.ofNanos(Long.MAX_VALUE));
	}

	@Test
	void anAlarmThatIsALittleLateIsInTime() {
		this.timer.schedule(() -> this.runs++, Duration.ofMillis(100));
		suspend(Duration.ofMillis(1_100));
		assertThat(this.runs).isOne();
	}

	@Test
	void afterASuspensionTheDelayBeginsAgain() {
		this.timer.schedule(() -> this.runs++, Duration.ofSeconds(5));
		suspend(Duration.ofSeconds(60));
		advance(Duration.ofMillis(4_999));
		assertThat(this.runs).isZero();
		advance(Duration.ofMillis(1));
		assertThat(this.runs).isOne();
	}

	@Test
	void afterASuspensionEvenAShortDelayIsASecond() {
		this.timer.schedule(() -> this.runs++, Duration.ZERO);
		suspend(Duration.ofSeconds(2));
		advance(Duration.ofMillis(999));
		assertThat(this.runs).isZero();
		advance(Duration.ofMillis(1));
		assertThat(this.runs).isOne();
	}

	@Test
	void aTimerThatWasCancelledDoesNothing() {
		this.timer.schedule(() -> this.runs++, Duration.ofSeconds(1));
		Runnable alarm = this.planned;
		this.timer.cancel();
		assertThat(this.planned).isNull();
		// as if it had gone off at the same time
		assertThat(alarm).isNotNull();
		alarm.run();
		assertThat(this.runs).isZero();
	}

	@Test
	void aNewActionReplacesTheOneBefore() {
		this.timer.schedule(() -> this.runs += 100, Duration.ofSeconds(1));
		this.timer.schedule(() -> this.runs++, Duration.ofSeconds(2));
		advance(Duration.ofSeconds(10));
		assertThat(this.runs).isOne();
	}

	@Test
	void aRepeatedActionIsToldOfSuspensions() {
		this.timer.repeat(this.suspensions::add, Duration.ofSeconds(5));
		advance(Duration.ofSeconds(10));
		suspend(Duration.ofSeconds(12));
		advance(Duration.ofSeconds(5));
		assertThat(this.suspensions).containsExactly(Duration.ZERO, Duration.ZERO, Duration.ofSeconds(7),
				Duration.ZERO);
	}

	@Test
	void aRepeatedActionThatIsLateByLessThanAnIntervalWasNotSuspended() {
		this.timer.repeat(this.suspensions::add, Duration.ofSeconds(5));
		suspend(Duration.ofSeconds(10));
		assertThat(this.suspensions).containsExactly(Duration.ZERO);
	}

	@Test
	void aSuspensionDuringARepeatedActionIsNoticed() {
		this.timer.repeat((suspension) -> {
			this.suspensions.add(suspension);
			if (this.suspensions.size() == 1) {
				this.now += Duration.ofSeconds(20).toNanos();
			}
		}, Duration.ofSeconds(5));
		advance(Duration.ofSeconds(5));
		advance(Duration.ZERO);
		assertThat(this.suspensions).containsExactly(Duration.ZERO, Duration.ofSeconds(15));
	}

	@Test
	void aRepeatedActionThatMissesAnIntervalWasSuspended() {
		this.timer.repeat(this.suspensions::add, Duration.ofMillis(100));
		suspend(Duration.ofMillis(201));
		assertThat(this.suspensions).containsExactly(Duration.ofMillis(101));
	}

	@Test
	void aRepeatedActionCanEndItself() {
		this.timer.repeat((suspension) -> {
			this.runs++;
			this.timer.cancel();
		}, Duration.ofSeconds(1));
		advance(Duration.ofSeconds(10));
		assertThat(this.runs).isOne();
	}

	@Test
	void aRepeatedActionThatFailsIsRepeated() {
		this.timer.repeat((suspension) -> {
			this.runs++;
			throw new IllegalStateException();
		}, Duration.ofSeconds(1));
		for (int i = 0; i < 2; i++) {
			try {
				advance(Duration.ofSeconds(1));
			}
			catch (IllegalStateException ex) {
				// the scheduler's business
			}
		}
		assertThat(this.runs).isEqualTo(2);
	}

	private Runnable plan(Runnable task, Duration delay) {
		this.planned = task;
		this.delay = delay;
		this.due = this.now + delay.toNanos();
		return () -> {
			if (this.planned == task) {
				this.planned = null;
			}
		};
	}

	private void advance(Duration time) {
		long until = this.now + time.toNanos();
		while (this.planned != null && this.due <= until) {
			this.now = Math.max(this.now, this.due);
			runPlanned();
		}
		this.now = Math.max(this.now, until);
	}

	/** Let time pass, and only then run what is due. */
	private void suspend(Duration time) {
		this.now += time.toNanos();
		runPlanned();
	}

	private void runPlanned() {
		Runnable task = this.planned;
		this.planned = null;
		assertThat(task).isNotNull();
		task.run();
	}

}
