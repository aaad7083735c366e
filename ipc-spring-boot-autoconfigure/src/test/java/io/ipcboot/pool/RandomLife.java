package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.IpcException;
import io.ipcboot.messaging.ScriptedExchange;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.pool.PoolSettings.Retry;
import io.ipcboot.pool.PoolSettings.RetryMode;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.process.Signal;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pool to which anything may happen at any time, and what must be true nevertheless.
 */
final class RandomLife {

	private final TestPool pool = new TestPool();

	private final TestFleet fleet = this.pool.fleet;

	private final List<CompletableFuture<RollingRestartResult>> restarts = new ArrayList<>();

	private final Random random;

	private final int parallel;

	private int size;

	private int refused;

	RandomLife(long seed) {
		this.random = new Random(seed);
		TestSettings settings = this.pool.settings;
		this.size = 1 + this.random.nextInt(4);
		this.parallel = 1 + this.random.nextInt(2);
		settings.size(this.size);
		settings.failFast = false;
		settings.spares = this.random.nextInt(3);
		settings.concurrency = 1 + this.random.nextInt(3);
		settings.queueCapacity = this.random.nextInt(20);
		settings.balancing = oneOf(Balancing.values());
		settings.retry = new Retry(oneOf(RetryMode.values()), this.random.nextInt(3));
		settings.queueTimeout = Duration.ofSeconds(this.random.nextBoolean() ? 0 : 7);
		settings.budget = new CrashBudget(1 + this.random.nextInt(6), Duration.ofSeconds(60));
		settings.recycle = new RecyclePolicy(this.random.nextInt(10),
				Duration.ofSeconds(this.random.nextBoolean() ? 0 : 90), 0.2, 0, 0, 0, this.parallel);
		if (this.random.nextBoolean()) {
			settings.heartbeat(Duration.ofSeconds(5), Duration.ofSeconds(15));
		}
	}

	void run(int steps) {
		CompletableFuture<Void> started = this.pool.start();
		for (int i = 0; i < steps; i++) {
			step();
			check();
		}
		calmDown();
		assertThat(started).isCompleted();
		checkCalm();
		stop();
	}

	private void step() {
		switch (this.random.nextInt(20)) {
			case 0, 1, 2, 3, 4, 5 -> submit();
			case 6, 7, 8, 9 -> answer();
			case 10, 11 -> startOrNot();
			case 12 -> loseOne();
			case 13 -> leaveOne();
			case 14 -> giveUp();
			case 15 -> this.pool.advance(Duration.ofMillis(this.random.nextInt(20_000)));
			case 16 -> operate();
			case 17 -> reapKilled();
			case 18 -> disturb();
			default -> finishDraining();
		}
	}

	private void submit() {
		String payload = "payload " + this.random.nextInt(8);
		String key = this.random.nextBoolean() ? null : "key " + this.random.nextInt(5);
		try {
			switch (this.random.nextInt(4)) {
				case 0 -> this.pool.message(payload);
				case 1 -> this.pool.idempotentCall(payload);
				default -> this.pool.call(payload, key);
			}
		}
		catch (IpcException ex) {
			this.refused++;
		}
	}

	private void answer() {
		List<TestWorker> busy = this.fleet.alive().stream().filter((worker) -> !worker.inbox.isEmpty()).toList();
		if (!busy.isEmpty()) {
			TestWorker worker = oneOf(busy);
			worker.answer(this.random.nextInt(worker.inbox.size()));
		}
	}

	private void startOrNot() {
		if (!this.fleet.starting().isEmpty()) {
			TestWorker worker = oneOf(this.fleet.starting());
			if (this.random.nextInt(4) == 0) {
				worker.die();
			}
			else {
				worker.ready();
			}
		}
	}

	private void loseOne() {
		if (!this.fleet.alive().isEmpty()) {
			TestWorker worker = oneOf(this.fleet.alive());
			worker.startedOnes = this.random.nextInt(4);
			worker.die(oneOf(Signal.SEGV, Signal.KILL, Signal.ABRT));
		}
	}

	private void leaveOne() {
		if (!this.fleet.serving().isEmpty()) {
			TestWorker worker = oneOf(this.fleet.serving());
			switch (this.random.nextInt(3)) {
				case 0 -> worker.leave();
				case 1 -> worker.announceLeaving();
				default -> worker.closeUnnoticed();
			}
		}
	}

	private void finishDraining() {
		if (!this.fleet.leaving().isEmpty()) {
			TestWorker worker = oneOf(this.fleet.leaving());
			while (!worker.inbox.isEmpty() && this.random.nextBoolean()) {
				worker.answer();
			}
			worker.leave();
		}
	}

	private void giveUp() {
		List<ScriptedExchange> pending = pending();
		if (!pending.isEmpty()) {
			ScriptedExchange exchange = oneOf(pending);
			if (exchange.exchange().isCall() && this.random.nextBoolean()) {
				exchange.timeOut();
			}
			else {
				exchange.cancel();
			}
			this.pool.loop.run();
		}
	}

	private void operate() {
		int slot = this.random.nextInt(4);
		switch (this.random.nextInt(5)) {
			case 0 -> {
				this.size = this.random.nextInt(5);
				this.pool.workers().resize(this.size);
			}
			case 1, 2 -> this.restarts.add(this.pool.workers().restart());
			case 3 -> this.pool.workers().drain(slot);
			default -> this.pool.workers().kill(slot);
		}
		this.pool.loop.run();
	}

	private void reapKilled() {
		List<TestWorker> killed = this.fleet.alive().stream().filter((worker) -> worker.killed != null).toList();
		killed.forEach((worker) -> worker.die(Signal.KILL));
	}

	private void disturb() {
		this.pool.loop.holdOffloaded = this.random.nextInt(3) == 0;
		this.fleet.refusal = (this.random.nextInt(4) == 0) ? TestFleet.noProcess() : null;
		for (TestWorker worker : this.fleet.alive()) {
			worker.reads(this.random.nextInt(4) > 0);
			worker.writesAtOnce = this.random.nextInt(4) > 0;
			worker.answersPings = this.random.nextInt(8) > 0;
		}
		this.pool.loop.run();
	}

	private void check() {
		Map<ScriptedExchange, TestWorker> holders = new HashMap<>();
		Map<Integer, Integer> perSlot = new HashMap<>();
		for (TestWorker worker : this.fleet.alive()) {
			for (ScriptedExchange exchange : worker.inbox) {
				assertThat(holders.put(exchange, worker)).as("other holder").isNull();
			}
			long calls = worker.inbox.stream()
				.filter((exchange) -> exchange.exchange().isCall() && !exchange.isWithdrawn())
				.count();
			assertThat(calls).isLessThanOrEqualTo(this.pool.settings.concurrency);
			if (worker.draining == null && worker.slot() >= 0) {
				perSlot.merge(worker.slot(), 1, Integer::sum);
			}
		}
		assertThat(perSlot.values().stream().filter((workers) -> workers > 1).count()).as("slots being replaced")
			.isLessThanOrEqualTo(this.parallel);
		if (!this.pool.loop.holdOffloaded) {
			long waiting = pending().stream().filter((exchange) -> !holders.containsKey(exchange)).count();
			assertThat(this.pool.snapshot().waiting()).as("waiting").isEqualTo((int) waiting);
		}
	}

	private void calmDown() {
		this.pool.loop.holdOffloaded = false;
		this.fleet.refusal = null;
		if (this.size == 0) {
			this.size = 1;
			this.pool.workers().resize(1);
		}
		this.pool.loop.run();
		for (int i = 0; i < 100; i++) {
			for (TestWorker worker : this.fleet.alive()) {
				worker.reads(true);
				worker.answersPings = true;
				while (!worker.inbox.isEmpty()) {
					worker.answer();
				}
			}
			this.fleet.alive()
				.stream()
				.filter((worker) -> worker.isReady() && !worker.isOpen())
				.forEach(TestWorker::leave);
			this.fleet.leaving().forEach(TestWorker::leave);
			reapKilled();
			this.pool.readyAll();
			this.pool.advance(Duration.ofSeconds(2));
			check();
		}
		this.pool.readyAll();
		this.fleet.leaving().forEach(TestWorker::leave);
		this.pool.loop.run();
		this.pool.readyAll();
	}

	private void checkCalm() {
		assertThat(pending()).isEmpty();
		assertThat(this.pool.admitted).allSatisfy((exchange) -> assertThat(exchange.outcomes()).isOne());
		assertThat(this.restarts).allSatisfy((restart) -> assertThat(restart).isCompleted());
		PoolSnapshot snapshot = this.pool.snapshot();
		assertThat(snapshot.state()).isEqualTo(PoolState.RUNNING);
		assertThat(snapshot.waiting()).isZero();
		assertThat(snapshot.spares()).isEqualTo(this.pool.settings.spares);
		assertThat(snapshot.slots()).hasSize(this.size);
		assertThat(snapshot.slots()).extracting(SlotSnapshot::state).containsOnly(WorkerState.READY);
		assertThat(snapshot.slots()).extracting(SlotSnapshot::inFlight).containsOnly(0);
		int places = this.size * this.pool.settings.concurrency;
		List<ScriptedExchange> canaries = new ArrayList<>();
		for (int i = 0; i < places; i++) {
			try {
				canaries.add(this.pool.call("canary " + i, null));
			}
			catch (IpcException ex) {
				throw new AssertionError("No room for canary " + i, ex);
			}
		}
		assertThat(canaries).allSatisfy((canary) -> assertThat(canary.exchange().peer()).isNotNull());
		this.fleet.alive().forEach((worker) -> {
			while (!worker.inbox.isEmpty()) {
				worker.answer();
			}
		});
		assertThat(canaries).allSatisfy((canary) -> assertThat(canary.outcome()).isCompleted());
	}

	private void stop() {
		CompletableFuture<Void> stopped = this.pool.workers().stop(Duration.ofSeconds(1));
		this.pool.advance(Duration.ofSeconds(1));
		this.pool.leaveAll();
		this.fleet.alive().forEach(TestWorker::die);
		assertThat(stopped).isCompleted();
		this.pool.advance(Duration.ofMinutes(2));
		assertThat(this.fleet.alive()).isEmpty();
		assertThat(this.pool.loop.isIdle()).isTrue();
	}

	private List<ScriptedExchange> pending() {
		return this.pool.admitted.stream().filter((exchange) -> !exchange.outcome().isDone()).toList();
	}

	@SafeVarargs
	private <T> T oneOf(T... values) {
		return values[this.random.nextInt(values.length)];
	}

	private <T> T oneOf(List<T> values) {
		return values.get(this.random.nextInt(values.size()));
	}

	@Override
	public String toString() {
		return "%d admitted, %d refused, %d workers, %s".formatted(this.pool.admitted.size(), this.refused,
				this.fleet.started.size(), this.pool.events);
	}

}
