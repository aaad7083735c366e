package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for what a pool tells of its messages: how long they wait, and why they are
 * refused.
 */
class TrafficObserverTests {

	private final List<Duration> waits = new ArrayList<>();

	private final List<TrafficObserver.RefusalReason> refusals = new ArrayList<>();

	private final TestPool pool = new TestPool();

	TrafficObserverTests() {
		this.pool.traffic = new TrafficObserver() {

			@Override
			public void waited(String pool, Duration time) {
				assertThat(pool).isEqualTo("test");
				TrafficObserverTests.this.waits.add(time);
			}

			@Override
			public void refused(String pool, RefusalReason reason) {
				assertThat(pool).isEqualTo("test");
				TrafficObserverTests.this.refusals.add(reason);
			}

		};
	}

	@Test
	void whoeverWaitsIsTimedUntilAWorkerHasRoom() {
		this.pool.started();
		this.pool.call();
		this.pool.call();
		this.pool.advance(Duration.ofSeconds(2));
		this.pool.call();
		this.pool.advance(Duration.ofSeconds(1));
		assertThat(this.waits).isEmpty();
		this.pool.fleet.at(0).answer();
		assertThat(this.waits).containsExactly(Duration.ofSeconds(3));
		this.pool.fleet.at(0).answer();
		assertThat(this.waits).containsExactly(Duration.ofSeconds(3), Duration.ofSeconds(1));
	}

	@Test
	void aMessageThatWaitsForTheFirstWorkerIsTimedToo() {
		this.pool.start();
		this.pool.message("early");
		this.pool.advance(Duration.ofSeconds(5));
		this.pool.readyAll();
		assertThat(this.waits).containsExactly(Duration.ofSeconds(5));
	}

	@Test
	void eachWaitOfACallThatIsSentAgainCounts() {
		this.pool.started();
		ScriptedExchange given = this.pool.call();
		this.pool.advance(Duration.ofSeconds(10));
		this.pool.fleet.at(0).leave();
		this.pool.advance(Duration.ofSeconds(4));
		this.pool.readyAll();
		assertThat(this.pool.fleet.at(0).inbox).containsExactly(given);
		assertThat(this.waits).containsExactly(Duration.ofSeconds(4));
	}

	@Test
	void whoeverGivesUpInTheLineIsNotTimed() {
		this.pool.started();
		this.pool.call();
		this.pool.call().cancel();
		this.pool.advance(Duration.ofSeconds(1));
		this.pool.fleet.at(0).answer();
		assertThat(this.waits).isEmpty();
	}

	@Test
	void nobodyIsTimedWhoCameWhenNobodyAsked() {
		TrafficObserver observer = this.pool.traffic;
		this.pool.traffic = TrafficObserver.NONE;
		this.pool.started();
		this.pool.call();
		this.pool.call();
		this.pool.traffic = observer;
		this.pool.fleet.at(0).answer();
		assertThat(this.waits).isEmpty();
	}

	@Test
	void aFullLineAndAWaitThatIsTooLongAreDifferentReasons() {
		this.pool.settings.queueCapacity = 1;
		this.pool.settings.queueTimeout = Duration.ofSeconds(2);
		this.pool.started();
		this.pool.call();
		this.pool.call();
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(this.pool::call);
		assertThat(this.refusals).containsExactly(TrafficObserver.RefusalReason.QUEUE);
		this.pool.advance(Duration.ofSeconds(2));
		assertThat(this.refusals).containsExactly(TrafficObserver.RefusalReason.QUEUE,
				TrafficObserver.RefusalReason.TIMEOUT);
		assertThat(this.waits).isEmpty();
	}

	@Test
	void aDegradedPoolRefusesThoseThatWaitAndThoseThatCome() {
		this.pool.settings.budget = new CrashBudget(1, Duration.ofSeconds(60));
		this.pool.started();
		this.pool.fleet.at(0).die();
		this.pool.readyAll();
		this.pool.call();
		this.pool.call();
		this.pool.fleet.at(0).die();
		assertThat(this.refusals).containsExactly(TrafficObserver.RefusalReason.DEGRADED);
		assertThatExceptionOfType(PoolDegradedException.class).isThrownBy(this.pool::call);
		assertThat(this.refusals).hasSize(2).containsOnly(TrafficObserver.RefusalReason.DEGRADED);
	}

	@Test
	void aMessageInQuarantineIsRefusedWhetherItWaitsOrComes() {
		this.pool.started();
		for (int deaths = 0; deaths < 2; deaths++) {
			this.pool.readyAll();
			this.pool.call("poison", null);
			if (deaths == 1) {
				this.pool.call("poison", null);
			}
			this.pool.fleet.at(0).die();
			this.pool.advance(Duration.ofSeconds(1));
		}
		assertThat(this.refusals).containsExactly(TrafficObserver.RefusalReason.QUARANTINED);
		assertThatExceptionOfType(QuarantinedException.class).isThrownBy(() -> this.pool.call("poison", null));
		assertThat(this.refusals).hasSize(2).containsOnly(TrafficObserver.RefusalReason.QUARANTINED);
	}

	@Test
	void aPoolThatIsClosedRefusesNothingThatAnOperatorCounts() {
		this.pool.started();
		this.pool.call();
		this.pool.call();
		this.pool.workers().stop(Duration.ZERO);
		this.pool.loop.run();
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(this.pool::call);
		assertThat(this.refusals).isEmpty();
	}

}
