package io.ipcboot.pool;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import io.ipcboot.channel.PeerId;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.pool.PoolSettings.QuarantineRule;
import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;
import io.ipcboot.pool.Quarantine.Fingerprint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for the policies of supervision, with a clock of their own.
 */
class PolicyTests {

	private static final Quarantine.Traits TRAITS = new Quarantine.Traits("work", null, 1);

	private static final Duration LEAST_AGE = Duration.ofMinutes(2);

	private final AtomicLong clock = new AtomicLong();

	private long pids = 100;

	@Test
	void theFirstDeathIsReplacedAtOnceAndThenPausesGrowUpToTheMaximum() {
		Backoff backoff = new Backoff(Duration.ofMillis(500), 2, Duration.ofSeconds(3), 0, Duration.ofSeconds(30));
		assertThat(IntStream.rangeClosed(1, 6).mapToObj((deaths) -> backoff.pause(deaths, 0.5).toMillis()))
			.containsExactly(0L, 500L, 1000L, 2000L, 3000L, 3000L);
	}

	@Test
	void timesBeyondAllCalendarsAreLong() {
		Duration endless = Duration.ofSeconds(Long.MAX_VALUE);
		Backoff backoff = new Backoff(endless, 2, endless, 0, endless);
		assertThat(backoff.pause(3, 0)).isGreaterThan(Duration.ofDays(365_000));
		RecyclePolicy recycling = new RecyclePolicy(0, endless, 0, 0, 0, 0, 1);
		assertThat(recycling.limitsFor(RandomGenerator.getDefault()).age()).isGreaterThan(Duration.ofDays(365_000));
		RestartPolicy.RecentDeaths deaths = new RestartPolicy.RecentDeaths(new CrashBudget(1, endless),
				this.clock::get);
		assertThat(deaths.add(false)).isTrue();
		this.clock.addAndGet(Duration.ofDays(1000).toNanos());
		assertThat(deaths.add(false)).isFalse();
	}

	@Test
	void jitterOnlyShortensAPause() {
		Backoff backoff = new Backoff(Duration.ofSeconds(1), 1, Duration.ofSeconds(1), 0.2, Duration.ofSeconds(30));
		assertThat(backoff.pause(2, 0)).isEqualTo(Duration.ofSeconds(1));
		assertThat(backoff.pause(2, 1)).isEqualTo(Duration.ofMillis(800));
	}

	@Test
	void invalidSettingsNameTheProperty() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new Backoff(Duration.ZERO, 2, Duration.ofSeconds(1), 0, Duration.ofSeconds(1)))
			.withMessageContaining("restart.backoff.initial");
		assertThatIllegalArgumentException().isThrownBy(() -> new CrashBudget(0, Duration.ofSeconds(1)))
			.withMessageContaining("restart.budget.deaths");
		assertThatIllegalArgumentException().isThrownBy(() -> new QuarantineRule(2, Duration.ZERO))
			.withMessageContaining("quarantine.for");
		assertThatIllegalArgumentException().isThrownBy(() -> new RecyclePolicy(0, Duration.ZERO, 0, 200, 100, 0, 1))
			.withMessageContaining("recycle.max-memory.soft");
	}

	@Test
	void theBudgetCountsDeathsWithinThePeriodAndStartsApartFromRuns() {
		RestartPolicy.RecentDeaths deaths = new RestartPolicy.RecentDeaths(new CrashBudget(2, Duration.ofSeconds(60)),
				this.clock::get);
		assertThat(deaths.add(false)).isTrue();
		assertThat(deaths.add(true)).isTrue();
		assertThat(deaths.add(false)).isTrue();
		assertThat(deaths.add(false)).isFalse();
		assertThat(deaths.add(true)).isTrue();
		pass(Duration.ofSeconds(61));
		assertThat(deaths.add(false)).isTrue();
		deaths.add(false);
		deaths.clear();
		assertThat(deaths.add(false)).isTrue();
	}

	@Test
	void theLeastBusyWorkerIsChosenAndEqualsTakeTurns() {
		Balancer balancer = Balancer.of(Balancing.LEAST_OUTSTANDING);
		List<Worker> workers = List.of(new Worker(0, 1), new Worker(1, 0), new Worker(2, 0));
		List<Integer> chosen = new ArrayList<>();
		for (int i = 0; i < 6; i++) {
			chosen.add(balancer.choose(workers, (worker) -> true, null).slot());
		}
		assertThat(chosen).containsOnly(1, 2).contains(1, 2);
		assertThat(balancer.choose(workers, (worker) -> worker.slot() == 0, null).slot()).isZero();
		assertThat(balancer.choose(workers, (worker) -> false, null)).isNull();
		assertThat(balancer.choose(List.<Worker>of(), (worker) -> true, null)).isNull();
	}

	@Test
	void roundRobinSkipsWhoHasNoRoom() {
		Balancer balancer = Balancer.of(Balancing.ROUND_ROBIN);
		List<Worker> workers = List.of(new Worker(0, 5), new Worker(1, 0), new Worker(2, 9));
		List<Integer> chosen = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			chosen.add(balancer.choose(workers, (worker) -> worker.slot() != 1, null).slot());
		}
		assertThat(chosen).containsExactly(0, 2, 0, 2);
	}

	@Test
	void onlyTheKeysOfAMissingWorkerMoveAndTheyMoveBack() {
		Balancer balancer = Balancer.of(Balancing.BY_KEY);
		List<Worker> all = IntStream.range(0, 4).mapToObj((slot) -> new Worker(slot, 0)).toList();
		List<Worker> without2 = all.stream().filter((worker) -> worker.slot() != 2).toList();
		Map<Integer, Integer> spread = new TreeMap<>();
		for (int i = 0; i < 4000; i++) {
			String key = "tenant-" + i;
			int owner = balancer.choose(all, (worker) -> true, key).slot();
			spread.merge(owner, 1, Integer::sum);
			int substitute = balancer.choose(without2, (worker) -> true, key).slot();
			if (owner != 2) {
				assertThat(substitute).isEqualTo(owner);
			}
			assertThat(balancer.choose(all, (worker) -> true, key).slot()).isEqualTo(owner);
		}
		assertThat(spread.values()).allSatisfy((keys) -> assertThat(keys).isBetween(850, 1150));
	}

	@Test
	void aKeyWaitsForItsWorkerEvenIfOthersHaveRoom() {
		Balancer balancer = Balancer.of(Balancing.BY_KEY);
		List<Worker> workers = List.of(new Worker(0, 0), new Worker(1, 0));
		int owner = balancer.choose(workers, (worker) -> true, "a").slot();
		assertThat(balancer.choose(workers, (worker) -> worker.slot() != owner, "a")).isNull();
		assertThat(balancer.choose(workers, (worker) -> worker.slot() != owner, null)).isNotNull();
	}

	@Test
	void aMessageIsRefusedAfterItsSecondDeathUntilTheTimeIsOver() {
		Quarantine quarantine = new Quarantine("pool", new QuarantineRule(2, Duration.ofMinutes(10)), this.clock::get);
		Fingerprint poison = fingerprint("poison");
		assertThat(died(quarantine, poison)).isNull();
		assertThat(quarantine.check(poison)).isNull();
		assertThat(died(quarantine, poison)).isNotNull();
		assertThat(died(quarantine, fingerprint("other"))).isNull();
		assertThat(quarantine.check(poison).deaths()).isEqualTo(2);
		assertThat(quarantine.check(fingerprint("other"))).isNull();
		pass(Duration.ofMinutes(9));
		assertThat(quarantine.entries()).singleElement()
			.satisfies((entry) -> assertThat(entry.remaining()).isEqualTo(Duration.ofMinutes(1)));
		pass(Duration.ofMinutes(1));
		assertThat(quarantine.check(poison)).isNull();
		assertThat(quarantine.entries()).isEmpty();
	}

	@Test
	void aMessageCanBeReleased() {
		Quarantine quarantine = new Quarantine("pool", new QuarantineRule(1, Duration.ofMinutes(10)), this.clock::get);
		QuarantinedMessage entry = died(quarantine, fingerprint("poison"));
		assertThat(quarantine.release("something else")).isFalse();
		assertThat(quarantine.release(entry.id())).isTrue();
		assertThat(quarantine.check(fingerprint("poison"))).isNull();
	}

	@Test
	void suspectsAreBounded() {
		Quarantine quarantine = new Quarantine("pool", new QuarantineRule(1, Duration.ofMinutes(10)), this.clock::get);
		for (int i = 0; i < 1500; i++) {
			died(quarantine, fingerprint("message " + i));
		}
		assertThat(quarantine.entries()).hasSize(1000);
		assertThat(quarantine.check(fingerprint("message 1499"))).isNotNull();
		assertThat(quarantine.check(fingerprint("message 0"))).isNull();
	}

	@Test
	void equalMessagesHaveEqualFingerprintsAndAKeyCountsMoreThanThePayload() {
		assertThat(fingerprint("a")).isEqualTo(fingerprint("a")).isNotEqualTo(fingerprint("b"));
		assertThat(Fingerprint.of("d", "key", bytes("a"))).isEqualTo(Fingerprint.of("d", "key", bytes("b")));
		assertThat(Fingerprint.of("d", null, bytes("a"))).isNotEqualTo(Fingerprint.of("e", null, bytes("a")));
	}

	@Test
	void limitsOfCallsDifferFromWorkerToWorkerButAreNeverBelowTheSetting() {
		RecyclePolicy policy = new RecyclePolicy(1000, Duration.ofHours(1), 0.1, 0, 0, 0, 1);
		RandomGenerator random = RandomGenerator.getDefault();
		List<Long> calls = IntStream.range(0, 50).mapToObj((i) -> policy.limitsFor(random).calls()).toList();
		assertThat(calls).allSatisfy((limit) -> assertThat(limit).isBetween(1000L, 1100L));
		assertThat(calls.stream().distinct().count()).isGreaterThan(5);
	}

	@Test
	void aWorkerIsDueForTheReasonThatApplies() {
		RecyclePolicy policy = new RecyclePolicy(10, Duration.ofHours(1), 0, 100 << 20, 200 << 20, 50 << 20, 1);
		RecyclePolicy.Limits limits = policy.limitsFor(RandomGenerator.getDefault());
		assertThat(policy.due(limits, usage(9, 59, 99, 49), LEAST_AGE)).isNull();
		assertThat(policy.due(limits, usage(10, 59, 99, 49), LEAST_AGE)).contains("10 calls");
		assertThat(policy.due(limits, usage(9, 60, 99, 49), LEAST_AGE)).contains("3,600 s");
		assertThat(policy.due(limits, usage(9, 59, 101, 49), LEAST_AGE)).contains("101 MB of memory");
		assertThat(policy.due(limits, usage(9, 59, 99, 51), LEAST_AGE)).contains("51 MB of its heap");
		assertThat(policy.due(limits, usage(9, 1, 101, 51), LEAST_AGE)).isNull();
		assertThat(policy.isOverHardLimit(usage(0, 0, 200, 0))).isFalse();
		assertThat(policy.isOverHardLimit(usage(0, 0, 201, 0))).isTrue();
	}

	@Test
	void withoutLimitsAWorkerStays() {
		RecyclePolicy policy = RecyclePolicy.DEFAULT;
		RecyclePolicy.Limits limits = policy.limitsFor(RandomGenerator.getDefault());
		assertThat(policy.due(limits, usage(Integer.MAX_VALUE, 1_000_000, 1_000_000, 1_000_000), LEAST_AGE)).isNull();
		assertThat(policy.watchesMemory()).isFalse();
	}

	@Test
	void aWorkerThatHadAMessageTwiceCountsOnce() {
		Quarantine quarantine = new Quarantine("pool", new QuarantineRule(2, Duration.ofMinutes(10)), this.clock::get);
		PeerId worker = new PeerId("pool", 0, 1);
		assertThat(quarantine.died(fingerprint("poison"), TRAITS, worker)).isNull();
		assertThat(quarantine.died(fingerprint("poison"), TRAITS, worker)).isNull();
		assertThat(quarantine.check(fingerprint("poison"))).isNull();
		assertThat(quarantine.died(fingerprint("poison"), TRAITS, new PeerId("pool", 0, 2))).isNotNull();
	}

	private QuarantinedMessage died(Quarantine quarantine, Fingerprint fingerprint) {
		return quarantine.died(fingerprint, TRAITS, new PeerId("pool", 0, this.pids++));
	}

	private void pass(Duration time) {
		this.clock.addAndGet(time.toNanos());
	}

	private static Fingerprint fingerprint(String payload) {
		return Fingerprint.of("render", null, bytes(payload));
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static RecyclePolicy.Usage usage(long calls, long minutes, long residentMb, long heapMb) {
		return new RecyclePolicy.Usage(calls, Duration.ofMinutes(minutes), residentMb << 20, heapMb << 20);
	}

	private record Worker(int slot, int outstanding) implements Balancer.Candidate {

	}

}
