package io.ipcboot;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.handle.IpcPipe;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.messaging.DuplicateListenerException;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.messaging.Reply;
import io.ipcboot.pool.PoolClosedException;
import io.ipcboot.pool.PoolSaturatedException;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Pools: who gets what, and what happens before the start, after the end and in between.
 */
@ProcessTest
class WorkerPoolTests {

	private final Set<ProcessHandle> others = ProcessHandle.current().children().collect(Collectors.toSet());

	private StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void workersTakeTurns() {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		Map<Long, Integer> calls = new HashMap<>();
		for (int i = 0; i < 100; i++) {
			calls.merge(template.call("pid", null, Long.class), 1, Integer::sum);
		}
		assertThat(calls).hasSize(2);
		assertThat(calls.values()).containsOnly(50);
		Reply<Long> reply = template.destination("pid").callForReply(Long.class);
		assertThat(reply.from().pid()).isEqualTo(reply.body());
		assertThat(reply.from().pool()).isEqualTo("default");
		assertThat(reply.from().slot()).isBetween(0, 1);
	}

	@Test
	void aWorkerKnowsItsPoolAndSlot() {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		List<Object> slots = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			Map<?, ?> hello = template.call("hello", null, Map.class);
			assertThat(hello.get("pool")).isEqualTo("default");
			slots.add(hello.get("slot"));
		}
		assertThat(slots).containsExactlyInAnyOrder(0, 1);
	}

	@Test
	void theWorkersOfAPoolCanBeReachedOneByOne() {
		ChildProcessTemplate template = startPool(3, TestChild.class);
		List<ChildProcess> workers = template.workers("default");
		assertThat(workers).extracting((worker) -> worker.id().slot()).containsExactly(0, 1, 2);
		for (ChildProcess worker : workers) {
			assertThat(worker.call("pid", null, Long.class)).isEqualTo(worker.pid());
			assertThat(template.process(worker.id())).containsSame(worker);
		}
		Reply<Long> reply = template.destination("pid").callForReply(Long.class);
		assertThat(template.process(reply.from())).get().extracting(ChildProcess::pid).isEqualTo(reply.body());
		ChildProcess victim = workers.get(1);
		victim.kill("KILL");
		victim.onExit().join();
		assertThat(template.process(victim.id())).isEmpty();
		Awaitility.await().until(() -> template.workers("default").size() == 3);
		assertThat(template.workers("default").get(1)).isNotSameAs(victim);
		assertThatIllegalArgumentException().isThrownBy(() -> template.workers("other"));
	}

	@Test
	void aListenerOfOneWorkerHearsThatWorkerOnly() {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		ChildProcess first = template.workers("default").get(0);
		ChildProcess second = template.workers("default").get(1);
		first.answer("who", String.class, (text) -> "listener of " + first.pid());
		second.answer("who", String.class, (text) -> "listener of " + second.pid());
		assertThat(first.call("ask-parent", "who", String.class)).isEqualTo("listener of " + first.pid());
		assertThat(second.call("ask-parent", "who", String.class)).isEqualTo("listener of " + second.pid());
		first.kill("KILL");
		first.onExit().join();
		Awaitility.await().until(() -> template.workers("default").size() == 2);
		ChildProcess successor = template.workers("default").get(0);
		// what was registered on a worker ends with it
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> successor.onReady().join().call("ask-parent", "who", String.class))
			.withMessageContaining("there is no listener for 'who'");
		assertThat(second.call("ask-parent", "who", String.class)).isEqualTo("listener of " + second.pid());
	}

	@Test
	void aListenerOfThePoolHearsAllWorkersAndTheirSuccessorsAndComesLast() {
		this.processes = new StandaloneTemplate(
				new PoolOptions("default", 2, StandaloneTemplate.child(TestChild.class)));
		ChildProcessTemplate template = this.processes.template();
		template.pool("default").listen(new Roll());
		template.startPools();
		ChildProcess first = template.workers("default").get(0);
		ChildProcess second = template.workers("default").get(1);
		assertThat(first.call("ask-parent", "roll", String.class)).isEqualTo("worker " + first.pid());
		first.answer("roll", String.class, (text) -> "its own");
		assertThat(first.call("ask-parent", "roll", String.class)).isEqualTo("its own");
		assertThat(second.call("ask-parent", "roll", String.class)).isEqualTo("worker " + second.pid());
		first.kill("KILL");
		first.onExit().join();
		Awaitility.await().until(() -> template.workers("default").size() == 2);
		ChildProcess successor = template.workers("default").get(0).onReady().join();
		assertThat(successor.call("ask-parent", "roll", String.class)).isEqualTo("worker " + successor.pid());
		assertThatExceptionOfType(DuplicateListenerException.class)
			.isThrownBy(() -> template.pool("default").answer("roll", String.class, (text) -> text));
	}

	/** Knows who asks. */
	static class Roll {

		@IpcListener("roll")
		String answer(String text, ChildProcess sender) {
			return "worker " + sender.pid();
		}

	}

	@Test
	void aChildOutsideAPoolIsFoundToo() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		ChildProcess child = template.fork(StandaloneTemplate.child(TestChild.class));
		assertThat(template.process(child.id())).containsSame(child);
		assertThat(template.workers("default")).hasSize(1).doesNotContain(child);
	}

	@Test
	void aPoolIsWritableAsLongAsOneOfItsWorkersIs() {
		ChannelOptions failFast = new ChannelOptions(1024 * 1024, 1024, Duration.ZERO);
		ForkOptions options = StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(failFast, new PoolOptions("default", 2, options));
		ChildProcessTemplate template = this.processes.template();
		assertThat(template.isWritable()).isFalse();
		template.startPools();
		assertThat(template.isWritable()).isTrue();
		List<ChildProcess> workers = template.workers("default");
		for (ChildProcess worker : workers) {
			assertThat(template.isWritable()).isTrue();
			worker.kill("STOP");
			// the backlog shrinks until the kernel's buffer is full too
			Awaitility.await().pollInSameThread().during(Duration.ofMillis(300)).until(() -> {
				boolean full = !worker.isWritable();
				while (worker.isWritable()) {
					worker.send("echo", new byte[100_000]);
				}
				return full;
			});
		}
		assertThat(template.isWritable()).isFalse();
		assertThat(template.to("default").isWritable()).isFalse();
		workers.get(1).kill("CONT");
		Awaitility.await().until(template::isWritable);
	}

	@Test
	void poolsStartTogether() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class).arguments("--slow-start");
		this.processes = new StandaloneTemplate(new PoolOptions("default", 1, options),
				new PoolOptions("special", 1, options));
		this.processes.template().startPools();
		assertThat(this.processes.events).extracting(WorkerEvent::getState)
			.containsExactly(WorkerState.STARTING, WorkerState.STARTING, WorkerState.READY, WorkerState.READY);
	}

	@Test
	@Tag("long")
	void aPoolThatCannotStartEndsTheOthers() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class).arguments("--slow-start");
		ForkOptions failing = StandaloneTemplate.child(FailingChild.class)
			.arguments("throw")
			.output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(new PoolOptions("default", 2, options),
				new PoolOptions("failing", 1, failing), new PoolOptions("special", 2, options));
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.template().startPools())
			.withMessageContaining("worker failing/0")
			.satisfies((ex) -> assertThat(ex.getStackTrace())
				.anyMatch((call) -> call.getMethodName().contains("aPoolThatCannotStartEndsTheOthers")));
		assertThat(children()).isEmpty();
		assertThatExceptionOfType(PoolClosedException.class)
			.isThrownBy(() -> this.processes.template().to("special").send("x"));
	}

	@Test
	void poolsAreApart() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class);
		this.processes = new StandaloneTemplate(new PoolOptions("default", 1, options),
				new PoolOptions("special", 1, options));
		ChildProcessTemplate template = this.processes.template();
		template.startPools();
		assertThat(template.hasPools()).isTrue();
		long one = template.to("special").call("pid", null, Long.class);
		assertThat(template.to("special").call("pid", null, Long.class)).isEqualTo(one);
		assertThat(template.call("pid", null, Long.class)).isNotEqualTo(one);
		assertThatIllegalArgumentException().isThrownBy(() -> template.to("other"))
			.withMessageContaining(
					"There is no pool 'other'; set 'ipc.pools.other.size'. The existing pools are [default, special]");
	}

	@Test
	void poolsWithTheSameForkOptionsHaveTheirOwnConcurrency() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class);
		this.processes = new StandaloneTemplate(
				new PoolOptions("default", PoolSettings.DEFAULT.withConcurrency(2), options),
				new PoolOptions("special", PoolSettings.DEFAULT.withConcurrency(3), options));
		ChildProcessTemplate template = this.processes.template();
		template.startPools();
		assertThat(template.call("hello", null, Map.class).get("concurrency")).isEqualTo(2);
		assertThat(template.to("special").call("hello", null, Map.class).get("concurrency")).isEqualTo(3);
		assertThat(options.concurrency).isEqualTo(1);
	}

	@Test
	void eventsTellOfTheLifeOfEachWorkerInOrder() {
		startPool(2, TestChild.class);
		this.processes.template().stop(Duration.ofSeconds(10)).join();
		for (int slot = 0; slot < 2; slot++) {
			int number = slot;
			List<WorkerEvent> events = this.processes.events.stream()
				.filter((event) -> event.getWorker().slot() == number)
				.toList();
			assertThat(events).extracting(WorkerEvent::getState)
				.containsExactly(WorkerState.STARTING, WorkerState.READY, WorkerState.DRAINING, WorkerState.EXITED);
			assertThat(events).extracting(WorkerEvent::getProcess).containsOnly(events.get(0).getProcess());
			assertThat(((WorkerExitedEvent) events.get(3)).getExit()).isNotNull()
				.satisfies((exit) -> assertThat(exit.code()).isZero());
			assertThat(events.get(0)).hasToString("%s is STARTING".formatted(events.get(0).getWorker()));
		}
	}

	@Test
	void aPoolThatIsNotRunningTakesNothing() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class);
		this.processes = new StandaloneTemplate(new PoolOptions("default", 1, options));
		ChildProcessTemplate template = this.processes.template();
		assertNotRunning(template);
		MessageSpec madeBefore = template.destination("pid");
		template.startPools();
		assertThat(madeBefore.call(Long.class)).isPositive();
		MessageSpec madeInBetween = template.destination("pid");
		template.stop(Duration.ofSeconds(10)).join();
		assertNotRunning(template);
		template.startPools();
		assertThat(madeInBetween.call(Long.class)).isPositive();
		assertThat(readyEvents()).isEqualTo(2);
	}

	@Test
	void startingWhatRunsDoesNothing() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		long pid = template.call("pid", null, Long.class);
		template.startPools();
		assertThat(template.call("pid", null, Long.class)).isEqualTo(pid);
		assertThat(children()).hasSize(1);
	}

	private static void assertNotRunning(ChildProcessTemplate template) {
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> template.send("x"))
			.withMessage("The pool 'default' is not running");
		assertThatExceptionOfType(PoolClosedException.class).isThrownBy(() -> template.call("pid", null, Long.class));
		assertThatExceptionOfType(PoolClosedException.class)
			.isThrownBy(() -> template.callAsync("pid", null, Long.class));
	}

	@Test
	void aPoolThatIsNotRunningTakesNoHandle() throws Exception {
		this.processes = new StandaloneTemplate(
				new PoolOptions("default", 1, StandaloneTemplate.child(TestChild.class)));
		try (IpcPipe pipe = IpcPipe.open()) {
			assertThatExceptionOfType(PoolClosedException.class)
				.isThrownBy(() -> this.processes.template().destination("x").handle(pipe.sink()).send());
			pipe.sink().write(1);
			assertThat(pipe.source().read()).isEqualTo(1);
		}
	}

	@Test
	@Tag("long")
	void aPoolThatIsStartedAgainHasItsSizeAndNotMore() throws InterruptedException {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		for (int i = 0; i < 3; i++) {
			template.stop(Duration.ZERO).join();
			template.startPools();
		}
		TimeUnit.MILLISECONDS.sleep(300);
		assertThat(children()).hasSize(2);
	}

	@Test
	void aRunningCallIsFinishedWhenThePoolStops() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		CompletableFuture<String> call = template.callAsync("sleep", 400L, String.class);
		StandaloneTemplate.awaitPrinted(this.processes.events.get(0).getProcess(), "busy");
		CompletableFuture<Void> stopped = template.stop(Duration.ofSeconds(10));
		assertThat(call).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("slept");
		assertThat(stopped).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void aPoolThatIsStoppedWhileItStartsLeavesNothing() throws Exception {
		ForkOptions options = StandaloneTemplate.child(FailingChild.class).arguments("hang");
		this.processes = new StandaloneTemplate(new PoolOptions("default", 2, options));
		CompletableFuture<Void> start = CompletableFuture.runAsync(() -> this.processes.template().startPools());
		Awaitility.await().until(() -> this.processes.events.size() == 2);
		this.processes.template().stop(Duration.ZERO).get(10, TimeUnit.SECONDS);
		assertThat(start).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(PoolClosedException.class);
		assertThat(startingEvents()).isEqualTo(2);
	}

	@Test
	void aWorkerThatCannotStartFailsTheStart() {
		ForkOptions options = StandaloneTemplate.child(FailingChild.class)
			.arguments("throw")
			.output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(new PoolOptions("default", 2, options));
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.template().startPools())
			.withMessageMatching("(?s)worker default/[01] \\(pid \\d+\\): it ended before it was ready; "
					+ "the process exited with code 1\nIts last lines were:.*no database.*");
		assertThat(children()).isEmpty();
	}

	@Test
	void aProgramThatDoesNotExistFailsTheStart() {
		this.processes = new StandaloneTemplate(
				new PoolOptions("default", 2, ForkOptions.program("no-such-program").channel(true)));
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.template().startPools())
			.withMessageMatching("worker default/[01].*no-such-program.*");
	}

	@Test
	void callersWaitForAWorkerUntilTheirDeadline() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(new PoolOptions("default", 1, options));
		ChildProcessTemplate template = this.processes.template();
		template.startPools();
		// without its own program a worker cannot be replaced
		options.arguments("x").jvmArguments("-XX:+NoSuchFlag");
		this.processes.events.get(0).getProcess().kill("KILL");
		Awaitility.await().until(() -> startingEvents() > 1);
		assertThatExceptionOfType(CallTimeoutException.class)
			.isThrownBy(() -> template.destination("pid").deadline(Duration.ofMillis(300)).call(Long.class))
			.withMessageStartingWith("no reply from 'pid' within 300 ms: the pool 'default' has no worker ("
					+ this.processes.events.get(0).getProcess().id() + " was ended by SIGKILL; another one is started");
		CompletableFuture<Long> async = template.destination("pid")
			.deadline(Duration.ofMillis(300))
			.callAsync(Long.class);
		assertThat(async).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(CallTimeoutException.class);
		CompletableFuture<Long> patient = template.callAsync("pid", null, Long.class);
		CompletableFuture<Long> cancelled = template.callAsync("pid", null, Long.class);
		cancelled.cancel(true);
		options.jvmArguments.remove("-XX:+NoSuchFlag");
		assertThat(patient).succeedsWithin(Duration.ofSeconds(20));
	}

	@Test
	@Tag("long")
	void aPoolWhoseWorkersFailToStartIsNotBusy() throws InterruptedException {
		ForkOptions options = StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(new PoolOptions("default", 2, options));
		this.processes.template().startPools();
		options.jvmArguments("-XX:+NoSuchFlag");
		this.processes.events.forEach((event) -> event.getProcess().kill("KILL"));
		for (int i = 0; i < 100; i++) {
			this.processes.template().destination("pid").callAsync(Long.class);
		}
		long cpu = cpuMillis();
		int starts = startingEvents();
		TimeUnit.SECONDS.sleep(3);
		assertThat(startingEvents() - starts).isBetween(1, 10);
		assertThat(cpuMillis() - cpu).isLessThan(1500);
	}

	@Test
	@Tag("long")
	void moreThanAPoolCanKeepIsRefused() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(new PoolOptions("default", 0, options));
		ChildProcessTemplate template = this.processes.template();
		template.startPools();
		CompletableFuture<Void> first = template.send("x");
		assertThatExceptionOfType(PoolSaturatedException.class).isThrownBy(() -> {
			for (int i = 0; i < 200_000; i++) {
				template.send("x");
			}
		})
			.withMessageContaining("The pool 'default' is saturated: it has no worker (none is ready) and "
					+ "100,000 messages and calls are already waiting");
		template.stop(Duration.ZERO).join();
		assertThat(first).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.withCauseInstanceOf(PoolClosedException.class);
	}

	@Test
	void aPoolHasNoNegativeSize() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> new PoolOptions("default", -1, StandaloneTemplate.child(TestChild.class)));
	}

	@Test
	@Tag("long")
	void messagesFromOneThreadArriveInOrderAlsoWhileThePoolStarts() {
		ForkOptions options = StandaloneTemplate.child(TestChild.class).arguments("--slow-start");
		this.processes = new StandaloneTemplate(new PoolOptions("default", 1, options));
		ChildProcessTemplate template = this.processes.template();
		CompletableFuture<Void> start = CompletableFuture.runAsync(template::startPools);
		Awaitility.await().until(() -> startingEvents() == 1);
		for (int i = 0; i < 20_000; i++) {
			template.emit("event", i, "x");
			if (i % 1000 == 0) {
				Awaitility.await().pollDelay(Duration.ofMillis(50)).until(() -> true);
			}
		}
		List<?> events = template.call("events", null, List.class);
		assertThat(events).hasSize(20_000);
		for (int i = 0; i < events.size(); i++) {
			assertThat((String) events.get(i)).startsWith(i + " x");
		}
		start.join();
	}

	/** Not those of other tests in this JVM. */
	private Stream<ProcessHandle> children() {
		return ProcessHandle.current().children().filter((child) -> !this.others.contains(child) && child.isAlive());
	}

	private static long cpuMillis() {
		ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		long nanos = 0;
		for (long id : threads.getAllThreadIds()) {
			nanos += Math.max(0, threads.getThreadCpuTime(id));
		}
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

	private int startingEvents() {
		return (int) this.processes.events.stream().filter(WorkerStartingEvent.class::isInstance).count();
	}

	private int readyEvents() {
		return (int) this.processes.events.stream().filter(WorkerReadyEvent.class::isInstance).count();
	}

	private ChildProcessTemplate startPool(int size, Class<?> mainClass) {
		ForkOptions options = StandaloneTemplate.child(mainClass).output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(new PoolOptions("default", size, options));
		this.processes.template().startPools();
		return this.processes.template();
	}

}
