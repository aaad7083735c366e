package io.ipcboot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.ipcboot.PoolUser.Outcome;
import io.ipcboot.PoolUser.Request;
import io.ipcboot.channel.PeerId;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers that call the pools of their parent.
 */
@ProcessTest
class PoolsOfWorkersTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	@TempDir
	private Path directory;

	private StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aWorkerGetsWhatTheParentWouldGet() {
		start(1, 1);
		Request request = new Request("work", "echo", "x");
		Outcome own = own(request);
		assertThat(own.value()).isEqualTo("x");
		assertThat(own.peer()).isEqualTo(worker("work", 0).id());
		assertThat(requested(request)).isEqualTo(own);
		Request failing = new Request("work", "fail", "sorry");
		assertThat(own(failing).text()).contains("worker work/0", "IllegalStateException: sorry");
		assertThat(requested(failing)).isEqualTo(own(failing));
		Request missing = new Request("work", "nowhere", "");
		assertThat(own(missing).type()).isEqualTo("NoListenerException");
		assertThat(requested(missing)).isEqualTo(own(missing));
		Request unknown = new Request("other", "echo", "");
		assertThat(requested(unknown).type()).isEqualTo("IllegalArgumentException");
		assertThat(requested(unknown).text()).contains("There is no pool 'other'").contains("[web, work]");
	}

	@Test
	void aLostWorkerIsTheOneThatHadTheCall() {
		start(1, 1);
		PeerId victim = worker("work", 0).id();
		Outcome lost = requested(new Request("work", "halt", ""));
		assertThat(lost.type()).isEqualTo("WorkerLostException");
		assertThat(lost.peer()).isEqualTo(victim);
		assertThat(lost.detail()).isEqualTo("EXITED 7 [halting] true");
		assertThat(lost.text()).isEqualTo(victim + ": the worker exited with code 7\nIts last lines were:\n\thalting"
				+ "\nA listener may have run.");
	}

	@Test
	void aDeadlineGoesAlongAndTheListenerIsInterrupted() {
		start(1, 1);
		Outcome late = requested(new Request("work", "hang", file("late"), 5000));
		assertThat(late.type()).isEqualTo("CallTimeoutException");
		assertThat(late.text()).isEqualTo(worker("work", 0).id() + ": no reply from 'hang' within 5,000 ms");
		awaitFile("late.interrupted");
	}

	/** Its own call has a deadline, and what it calls has none of its own. */
	@Test
	void aCallWithinACallGetsWhatIsLeft() {
		start(1, 1);
		CompletableFuture<Outcome> outer = this.processes.template()
			.to("web")
			.destination("nested")
			.message(new Request("work", "hang", file("inner")))
			// enough for the inner call to start on a loaded machine
			.deadline(Duration.ofSeconds(8))
			.callAsync(Outcome.class);
		assertThat(outer).failsWithin(PATIENCE)
			.withThrowableThat()
			.withMessageContaining("no reply from 'nested' within 8,000 ms");
		awaitFile("inner.interrupted");
	}

	@Test
	void aCancelledCallIsCancelledWhereItRuns() {
		start(1, 1);
		assertThat(call("web", "request-and-cancel", new Request("work", "hang", file("cancelled")), Boolean.class))
			.isTrue();
		awaitFile("cancelled.interrupted");
		assertThat(requested(new Request("work", "echo", "next")).value()).isEqualTo("next");
	}

	@Test
	void theCallsOfADeadWorkerAreCancelled() {
		start(1, 1);
		CompletableFuture<Outcome> asked = this.processes.template()
			.to("web")
			.callAsync("request", new Request("work", "hang", file("orphan")), Outcome.class);
		awaitFile("orphan.started");
		worker("web", 0).kill("KILL");
		assertThat(asked).failsWithin(PATIENCE);
		awaitFile("orphan.interrupted");
		Awaitility.await().atMost(PATIENCE).until(() -> outstanding("work") == 0);
		assertThat(own(new Request("work", "echo", "next")).value()).isEqualTo("next");
	}

	@Test
	void aSaturatedPoolRefusesAsItRefusesTheParent() {
		start(PoolSettings.DEFAULT.withSize(1),
				new PoolSettings(1, 0, 1, 0, 0, Duration.ZERO, PoolSettings.DEFAULT.balancing(), null,
						PoolSettings.DEFAULT.onTimeout(), PoolSettings.DEFAULT.killGrace(),
						PoolSettings.DEFAULT.heartbeat(), PoolSettings.DEFAULT.restart(), true,
						PoolSettings.DEFAULT.recycle(), PoolSettings.DEFAULT.quarantine(), PoolSettings.DEFAULT.retry(),
						PoolSettings.DEFAULT.drainTimeout()));
		CompletableFuture<Object> occupant = this.processes.template()
			.to("work")
			.callAsync("hang", file("occupant"), Object.class);
		awaitFile("occupant.started");
		Outcome own = own(new Request("work", "echo", ""));
		assertThat(own.type()).isEqualTo("PoolSaturatedException");
		assertThat(requested(new Request("work", "echo", ""))).isEqualTo(own);
		occupant.cancel(true);
	}

	@Test
	void messagesKeepTheirOrderAndAreConfirmed() {
		start(1, 1);
		assertThat(call("web", "send-in-order", new Request("work", "note", "2000"), Integer.class)).isEqualTo(2000);
		List<?> notes = call("work", "notes", null, List.class);
		assertThat(notes).isEqualTo(IntStream.range(0, 2000).boxed().toList());
	}

	@Test
	void noCallIsLostOrDoubled() {
		start(2, 2);
		CompletableFuture<Integer> other = this.processes.template()
			.to("web")
			.callAsync("many", new Request("work", "echo", "8000"), Integer.class);
		assertThat(call("web", "many", new Request("work", "echo", "8000"), Integer.class)).isEqualTo(8000);
		assertThat(other).succeedsWithin(PATIENCE).isEqualTo(8000);
		int served = this.processes.template()
			.workers("work")
			.stream()
			.mapToInt((worker) -> worker.call("echoes", null, Integer.class))
			.sum();
		assertThat(served).isEqualTo(16_000);
	}

	@Test
	void aCallThatWouldWaitForItselfIsRefusedAndNamed() {
		start(1, 1);
		Outcome refused = call("web", "nested", new Request("web", "echo", "x"), Outcome.class);
		assertThat(refused.type()).isEqualTo("CallDeadlockException");
		assertThat(refused.text()).contains("web/0 → parent → web.").contains("'web'");
		assertThat(own(new Request("web", "echo", "next")).value()).isEqualTo("next");
	}

	@Test
	void aWorkerThatStartsDoesNotWaitForItself() {
		ForkOptions child = StandaloneTemplate.child(PoolUser.class).arguments("--ask-first");
		this.processes = new StandaloneTemplate(new PoolOptions("web", 1, child));
		this.processes.template().startPools();
		// READY and the output arrive on different ways
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(worker("web", 0).lastLines()).asString()
				.contains("CallDeadlockException")
				.contains(" → parent → web."));
	}

	/** Parent, worker, listener of the parent, the same worker. */
	@Test
	void aListenerOfTheParentIsPartOfTheChain() {
		start(1, 1);
		this.processes.listeners.add("back",
				(message) -> PoolUser.outcome(() -> spec(new Request("web", "echo", "x")).callForReply(Object.class)));
		this.processes.listeners.add("back-directly",
				(message) -> PoolUser.outcome(() -> worker("web", 0).destination("echo").callForReply(Object.class)));
		Outcome back = call("web", "nested-to-parent", new Request("", "back", ""), Outcome.class);
		assertThat(back.value()).asString().contains("CallDeadlockException").contains("web/0 → parent → web.");
		Outcome direct = call("web", "nested-to-parent", new Request("", "back-directly", ""), Outcome.class);
		assertThat(direct.value()).asString().contains("CallDeadlockException").contains("web/0 → parent → web/0.");
	}

	@Test
	void aChainThroughTwoPoolsOrToAnotherWorkerWorks() {
		start(2, 1);
		assertThat(call("web", "nested", new Request("work", "echo", "x"), Outcome.class).value()).isEqualTo("x");
		Outcome other = call("web", "nested", new Request("web", "echo", "x"), Outcome.class);
		assertThat(other.value()).isEqualTo("x");
	}

	@Test
	void aWorkerThatAsksForTooMuchLeavesRoomForOthers() {
		start(2, 1);
		worker("web", 0).call("flood", new Request("work", "hang", file("flood")), Object.class);
		Awaitility.await().atMost(PATIENCE).until(() -> waiting("work") == 500);
		Outcome other = worker("web", 1).call("request", new Request("web", "echo", "x"), Outcome.class);
		assertThat(other.value()).isEqualTo("x");
		CompletableFuture<Object> own = this.processes.template().to("work").callAsync("echo", "x", Object.class);
		assertThat(own).isNotDone();
		worker("web", 0).kill("KILL");
		assertThat(own).succeedsWithin(PATIENCE).isEqualTo("x");
		Awaitility.await().atMost(PATIENCE).until(() -> waiting("work") == 0);
	}

	@Test
	void aWorkerCannotInspectAPool() {
		start(1, 1);
		Outcome refused = call("web", "inspect", "work", Outcome.class);
		assertThat(refused.type()).isEqualTo("ForkInWorkerException");
		assertThat(refused.text()).contains("IpcRole.PARENT");
	}

	private void start(int web, int work) {
		start(PoolSettings.DEFAULT.withSize(web), PoolSettings.DEFAULT.withSize(work));
	}

	private void start(PoolSettings web, PoolSettings work) {
		ForkOptions child = StandaloneTemplate.child(PoolUser.class);
		StandaloneTemplate started = new StandaloneTemplate(new PoolOptions("web", web, child),
				new PoolOptions("work", work, child));
		this.processes = started;
		started.template().startPools();
	}

	private MessageSpec spec(Request request) {
		return this.processes.template()
			.to(request.pool())
			.destination(request.destination())
			.message(request.payload());
	}

	/** The outcome of a call of the parent. */
	private Outcome own(Request request) {
		return PoolUser.outcome(() -> spec(request).callForReply(Object.class));
	}

	/** The outcome of the same call of a worker, as for a request of a web server. */
	private Outcome requested(Request request) {
		return call("web", "request", request, Outcome.class);
	}

	private <T> T call(String pool, String destination, Object payload, Class<T> type) {
		return this.processes.template().to(pool).call(destination, payload, type);
	}

	private ChildProcess worker(String pool, int slot) {
		return this.processes.template().workers(pool).get(slot);
	}

	private int waiting(String pool) {
		return this.processes.template().pool(pool).snapshot().join().waiting();
	}

	private int outstanding(String pool) {
		return this.processes.template()
			.pool(pool)
			.snapshot()
			.join()
			.slots()
			.stream()
			.mapToInt(SlotSnapshot::inFlight)
			.sum();
	}

	private String file(String name) {
		return this.directory.resolve(name).toString();
	}

	private void awaitFile(String name) {
		Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(this.directory.resolve(name)));
	}

}
