package io.ipcboot.scenario;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

import io.ipcboot.ProcessTest;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.Signal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S14: workers kill each other, and the books are still right.
 */
@ProcessTest
@Tag("long")
class KillRaceTests {

	private static final int WORKERS = 5;

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@ParameterizedTest(name = "{0} kills at once")
	@ValueSource(ints = { 1, 2, 5, 13 })
	void s14EachDeathIsCountedOnce(int count) throws Exception {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(WORKERS));
		List<Long> pids = pool.pids();
		List<CompletableFuture<Boolean>> kills = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			kills.add(pool.call("kill", pids.get((i + 1) % WORKERS), Boolean.class));
		}
		List<CompletableFuture<String>> bystanders = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			bystanders.add(pool.call("echo", "x" + i, String.class));
		}
		Set<Long> shot = new HashSet<>();
		int outcomes = 0;
		for (int i = 0; i < count; i++) {
			outcomes += outcome(kills.get(i), pids, pids.get((i + 1) % WORKERS), shot);
		}
		assertThat(outcomes).as("outcomes of kills").isEqualTo(count);
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> shot.stream().noneMatch(Invariants::isRunning));
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> pool.pids().size() == WORKERS && pool.pids().stream().allMatch(Invariants::isRunning));
		// asked of the kernel, not of the pool
		Set<Long> dead = new HashSet<>(pids);
		dead.removeIf(Invariants::isRunning);
		assertThat(dead).containsAll(shot).hasSizeLessThanOrEqualTo(count);
		dead.forEach((pid) -> pool.expectDeaths(LossCause.KILLED));
		assertThat(pool.exits()).extracting((exit) -> exit.getProcess().pid())
			.containsExactlyInAnyOrderElementsOf(dead);
		assertThat(pool.exits()).extracting(WorkerExitedEvent::getExit)
			.allMatch((exit) -> exit != null && exit.signal() == Signal.KILL);
		for (int i = 0; i < bystanders.size(); i++) {
			assertBystander(bystanders.get(i), "x" + i, dead);
		}
		assertThat(pool.cancelled).hasValue(0);
	}

	/** One of what can become of a kill, and 0 if it is nothing of that. */
	private static int outcome(CompletableFuture<Boolean> kill, List<Long> pids, long victim, Set<Long> shot)
			throws InterruptedException {
		try {
			if (kill.get()) {
				shot.add(victim);
			}
			return 1;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof WorkerLostException lost) {
				assertKilled(lost, pids);
				shot.add(lost.getExit().pid());
				return 1;
			}
			// the JDK lets no process kill itself
			return (ex.getCause() instanceof RemoteHandlerException remote
					&& remote.getRemoteMessage().contains("current process")) ? 1 : 0;
		}
	}

	private static void assertBystander(CompletableFuture<String> call, String reply, Set<Long> dead)
			throws InterruptedException {
		try {
			assertThat(call.get()).isEqualTo(reply);
		}
		catch (ExecutionException ex) {
			assertThat(ex.getCause()).isInstanceOf(WorkerLostException.class);
			assertKilled((WorkerLostException) ex.getCause(), List.copyOf(dead));
		}
	}

	private static void assertKilled(WorkerLostException lost, List<Long> pids) {
		assertThat(lost.getLossCause()).isEqualTo(LossCause.KILLED);
		assertThat(lost.getExit().signal()).isEqualTo(Signal.KILL);
		assertThat(lost.getExit().pid()).isIn(pids);
		assertThat(lost.mayHaveStarted()).as("one that was not started goes to another worker").isTrue();
	}

}
