package io.ipcboot;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.pool.Worker;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.Signal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A worker of a pool dies: its started calls fail with the cause, what it had not started
 * goes to another one, and nobody else notices.
 */
@ProcessTest
class WorkerDeathTests {

	private static final Duration NOTICED_WITHIN = Duration.ofSeconds(20);

	private StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aCallThatWasStartedFailsWithTheCause() {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		long victim = template.call("pid", null, Long.class);
		long other = template.call("pid", null, Long.class);
		CompletableFuture<String> doomed = template.callAsync("sleep", 60_000L, String.class);
		CompletableFuture<String> untouched = template.callAsync("sleep", 1_500L, String.class);
		child(victim).send("print", "last words\n");
		StandaloneTemplate.awaitPrinted(child(victim), "busy");
		StandaloneTemplate.awaitPrinted(child(other), "busy");
		ChildProcess lost = child(victim);
		lost.kill("KILL");
		assertThat(doomed).failsWithin(NOTICED_WITHIN)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(WorkerLostException.class, (failure) -> {
				assertThat(failure.getPeer()).isEqualTo(new PeerId("default", lost.id().slot(), victim));
				assertThat(failure.getExit().signal()).isSameAs(Signal.KILL);
				assertThat(failure.getExit().pid()).isEqualTo(victim);
				assertThat(failure.mayHaveStarted()).isTrue();
			})
			.withMessage("worker default/%d (pid %d): the worker was ended by SIGKILL\nIts last lines were:\n\tbusy\n"
				.formatted(lost.id().slot(), victim) + "A listener may have run.");
		assertThat(untouched).succeedsWithin(NOTICED_WITHIN).isEqualTo("slept");
		assertThat(child(other).isAlive()).isTrue();
		awaitReplaced(victim, 2);
	}

	@Test
	void aSynchronousCallerIsToldToo() throws InterruptedException {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		ChildProcess worker = child(template.call("pid", null, Long.class));
		Thread killer = new Thread(() -> {
			StandaloneTemplate.awaitPrinted(worker, "busy");
			worker.kill("KILL");
		});
		killer.start();
		assertThatExceptionOfType(WorkerLostException.class)
			.isThrownBy(() -> template.call("sleep", 60_000L, String.class))
			.satisfies((ex) -> assertThat(ex.getStackTrace())
				.anyMatch((call) -> call.getClassName().equals(WorkerDeathTests.class.getName())));
		killer.join();
	}

	@Test
	void oneWhoseEndCannotBeLoggedForWantOfMemoryIsReplaced() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		long victim = template.call("pid", null, Long.class);
		AppenderBase<ILoggingEvent> log = new AppenderBase<>() {

			@Override
			protected void append(ILoggingEvent event) {
				if (event.getFormattedMessage().contains("(pid %d) is EXITED".formatted(victim))) {
					throw new OutOfMemoryError("of the test");
				}
			}

		};
		log.start();
		Logger logger = (Logger) LoggerFactory.getLogger(Worker.class);
		logger.addAppender(log);
		try {
			CompletableFuture<String> doomed = template.callAsync("sleep", 60_000L, String.class);
			StandaloneTemplate.awaitPrinted(child(victim), "busy");
			child(victim).kill("KILL");
			assertThat(doomed).failsWithin(NOTICED_WITHIN);
			awaitReplaced(victim, 1);
		}
		finally {
			logger.detachAppender(log);
		}
	}

	@Test
	void callsThatWereNotStartedAreMadeByAnotherWorker() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		ChildProcess worker = child(template.call("pid", null, Long.class));
		CompletableFuture<String> started = template.callAsync("sleep", 60_000L, String.class);
		List<CompletableFuture<Integer>> queued = new ArrayList<>();
		for (int i = 0; i < 500; i++) {
			queued.add(template.callAsync("sum", List.of(i, 1), Integer.class));
		}
		StandaloneTemplate.awaitPrinted(worker, "busy");
		worker.kill("KILL");
		assertThat(started).failsWithin(NOTICED_WITHIN);
		for (int i = 0; i < 500; i++) {
			assertThat(queued.get(i)).succeedsWithin(NOTICED_WITHIN).isEqualTo(i + 1);
		}
	}

	@Test
	@Tag("long")
	void nobodyNoticesTheDeathOfAnIdleWorker() {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		long victim = template.call("pid", null, Long.class);
		child(victim).kill("KILL");
		for (int i = 0; i < 2000; i++) {
			assertThat(template.call("sum", List.of(i), Integer.class)).isEqualTo(i);
		}
		awaitReplaced(victim, 2);
		assertThat(template.call("sum", List.of(1), Integer.class)).isEqualTo(1);
	}

	@Test
	@Tag("long")
	void redeliveredEventsKeepTheirOrder() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		ChildProcess worker = child(template.call("pid", null, Long.class));
		template.callAsync("sleep", 60_000L, String.class);
		StandaloneTemplate.awaitPrinted(worker, "busy");
		for (int i = 0; i < 300; i++) {
			template.emit("event", i, "before");
		}
		worker.kill("KILL");
		// some of these are sent while there is no worker, and must not overtake
		for (int i = 300; i < 600; i++) {
			template.emit("event", i, "after");
		}
		List<?> events = template.call("events", null, List.class);
		assertThat(events).hasSize(600);
		for (int i = 0; i < 600; i++) {
			assertThat((String) events.get(i)).startsWith(i + " ");
		}
	}

	@Test
	void aListenerThatEndsItsJvmFailsOnlyItsOwnCall() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		CompletableFuture<Void> exit = template.callAsync("exit", 0, Void.class);
		CompletableFuture<Integer> next = template.callAsync("sum", List.of(1), Integer.class);
		assertThat(exit).failsWithin(NOTICED_WITHIN)
			.withThrowableThat()
			.withMessageContaining("worker default/0")
			.withMessageContaining("the worker exited with code 0");
		assertThat(next).succeedsWithin(NOTICED_WITHIN).isEqualTo(1);
	}

	@Test
	void aMessageThatKillsItsWorkerWasDelivered() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		List<CompletableFuture<Void>> messages = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			messages.add((i == 100) ? template.send("halt", 3) : template.emit("event", i, "x"));
		}
		// those after the fatal one were not started, and another worker takes them
		assertThat(CompletableFuture.allOf(messages.toArray(CompletableFuture<?>[]::new)))
			.succeedsWithin(NOTICED_WITHIN);
		assertThat((List<?>) template.call("events", null, List.class)).hasSize(99);
	}

	@Test
	@Tag("opened")
	void everyOneOfAThousandClientsIsAnsweredAlthoughWorkersDie() throws IOException {
		ChildProcessTemplate template = startPool(2, HandleChild.class);
		Set<String> workers = new HashSet<>();
		for (int wave = 0; wave < 5; wave++) {
			List<String> answers = answers(200, (i) -> {
				if (i == 120) {
					// between two connections, so that none is in the hands of its
					// listener
					template.send("kill-yourself", null);
				}
			});
			assertThat(answers).hasSize(200).allMatch((answer) -> answer.matches("pid \\d+"));
			workers.addAll(answers);
		}
		assertThat(workers).hasSizeGreaterThan(4);
	}

	@Test
	void onlyConnectionsInTheHandsOfAKilledListenerEnd() throws IOException {
		startPool(2, HandleChild.class);
		AtomicInteger kills = new AtomicInteger();
		List<String> answers = answers(300, (i) -> {
			if (i % 100 == 50 && anyReadyWorker().kill("KILL")) {
				kills.incrementAndGet();
			}
		});
		assertThat(kills).hasPositiveValue();
		assertThat(answers).hasSize(300).allMatch((answer) -> answer.matches("(pid \\d+)?"));
		assertThat(answers).filteredOn(String::isEmpty).hasSizeLessThanOrEqualTo(kills.get());
	}

	/** Hand connections over, and return what each client gets to read. */
	private List<String> answers(int count, IntConsumer afterEach) throws IOException {
		ChildProcessTemplate template = this.processes.template();
		List<Client> clients = new ArrayList<>();
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		List<String> answers = new ArrayList<>();
		try (ServerSocketChannel listener = Client.listen()) {
			for (int i = 0; i < count; i++) {
				clients.add(Client.connect(listener));
				sent.add(template.destination("connection").message(i).handle(clients.get(i).accepted()).send());
				afterEach.accept(i);
			}
			for (int i = 0; i < count; i++) {
				answers.add(clients.get(i).answer());
				assertThat(sent.get(i)).succeedsWithin(NOTICED_WITHIN);
			}
			return answers;
		}
		finally {
			for (Client client : clients) {
				client.close();
			}
		}
	}

	@Test
	@Tag("long")
	void callsFromManyThreadsSurviveKills() throws InterruptedException {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		Set<Object> failures = ConcurrentHashMap.newKeySet();
		AtomicBoolean done = new AtomicBoolean();
		List<Thread> callers = new ArrayList<>();
		for (int t = 0; t < 8; t++) {
			Thread caller = new Thread(() -> {
				for (int i = 0; !done.get(); i++) {
					try {
						assertThat(template.call("sum", List.of(i, 1), Integer.class)).isEqualTo(i + 1);
						// new workers need the processors too
						LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
					}
					catch (WorkerLostException ex) {
						assertThat(ex.mayHaveStarted()).isTrue();
					}
					catch (Throwable ex) {
						failures.add(ex);
						return;
					}
				}
			});
			caller.start();
			callers.add(caller);
		}
		for (int i = 0; i < 3; i++) {
			TimeUnit.MILLISECONDS.sleep(200);
			ChildProcess victim = anyReadyWorker();
			victim.kill("KILL");
			awaitReplaced(victim.pid(), 2);
		}
		done.set(true);
		for (Thread caller : callers) {
			caller.join();
		}
		assertThat(failures).isEmpty();
	}

	@Test
	@Tag("long")
	void callsToAStoppedWorkerEndAtTheirDeadlineAndSendersAreNotStuck() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		ChildProcess worker = child(template.call("pid", null, Long.class));
		worker.kill("STOP");
		byte[] large = new byte[200_000];
		long start = System.nanoTime();
		for (int i = 0; i < 40; i++) {
			assertThatExceptionOfType(IpcException.class)
				.isThrownBy(() -> template.destination("echo")
					.message(large)
					.deadline(Duration.ofMillis(100))
					.call(byte[].class))
				.isInstanceOf(CallTimeoutException.class);
		}
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
		worker.kill("CONT");
		assertThat(template.call("pid", null, Long.class)).isEqualTo(worker.pid());
	}

	@Test
	void aStoppedWorkerLeavesTheOthersTheirWork() {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		ChildProcess stopped = child(template.call("pid", null, Long.class));
		stopped.kill("STOP");
		// each worker gets one of these
		List<CompletableFuture<Integer>> calls = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			calls.add(template.destination("sum")
				.message(List.of(i))
				.deadline(Duration.ofSeconds(3))
				.callAsync(Integer.class));
		}
		CompletableFuture.anyOf(calls.get(0), calls.get(1)).join();
		CompletableFuture<Integer> stuck = calls.get(0).isDone() ? calls.get(1) : calls.get(0);
		for (int i = 0; i < 18; i++) {
			assertThat(template.call("sum", List.of(i), Integer.class)).isEqualTo(i);
		}
		assertThat(stuck).failsWithin(NOTICED_WITHIN)
			.withThrowableThat()
			.havingCause()
			.isInstanceOfSatisfying(CallTimeoutException.class,
					(expired) -> assertThat(expired.getPeer()).isEqualTo(stopped.id()));
		stopped.kill("CONT");
	}

	@Test
	void aWorkerThatIsAskedToEndFromOutsideDrainsAndIsReplaced() throws Exception {
		ChildProcessTemplate template = startPool(2, TestChild.class);
		long victim = template.call("pid", null, Long.class);
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Integer> caller = CompletableFuture.supplyAsync(() -> {
			int calls = 0;
			while (!done.get()) {
				assertThat(template.call("sum", List.of(calls), Integer.class)).isEqualTo(calls);
				calls++;
			}
			return calls;
		});
		CompletableFuture<String> running = child(victim).callAsync("sleep", 500L, String.class);
		StandaloneTemplate.awaitPrinted(child(victim), "busy");
		ChildProcess ended = child(victim);
		ended.kill("TERM");
		assertThat(running).succeedsWithin(NOTICED_WITHIN).isEqualTo("slept");
		awaitReplaced(victim, 2);
		done.set(true);
		assertThat(caller).succeedsWithin(NOTICED_WITHIN);
		assertThat(ended.onExit().join().code()).isEqualTo(143);
		assertThat(this.processes.events).filteredOn((event) -> event.getProcess() == ended)
			.hasExactlyElementsOfTypes(WorkerStartingEvent.class, WorkerReadyEvent.class, WorkerDrainingEvent.class,
					WorkerExitedEvent.class);
	}

	@Test
	void aWorkerIgnoresTheInterruptOfATerminal() {
		ChildProcessTemplate template = startPool(1, TestChild.class);
		ChildProcess worker = child(template.call("pid", null, Long.class));
		assertThat(worker.kill("INT")).isTrue();
		assertThat(template.call("sleep", 200L, String.class)).isEqualTo("slept");
		assertThat(worker.isAlive()).isTrue();
		assertThat(worker.lastLines()).doesNotContain("interrupted");
	}

	private ChildProcessTemplate startPool(int size, Class<?> mainClass) {
		ForkOptions options = StandaloneTemplate.child(mainClass).output(ProcessOutput.DISCARD);
		this.processes = new StandaloneTemplate(new PoolOptions("default", size, options));
		this.processes.template().startPools();
		return this.processes.template();
	}

	private ChildProcess child(long pid) {
		return this.processes.events.stream()
			.map(WorkerEvent::getProcess)
			.filter((process) -> process.pid() == pid)
			.findFirst()
			.orElseThrow();
	}

	private List<ChildProcess> readyWorkers() {
		Set<ChildProcess> ready = new HashSet<>();
		for (WorkerEvent event : this.processes.events) {
			if (event instanceof WorkerReadyEvent) {
				ready.add(event.getProcess());
			}
			else if (event instanceof WorkerExitedEvent) {
				ready.remove(event.getProcess());
			}
		}
		return List.copyOf(ready);
	}

	private ChildProcess anyReadyWorker() {
		Awaitility.await().until(() -> !readyWorkers().isEmpty());
		return readyWorkers().get(0);
	}

	private void awaitReplaced(long pid, int size) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(readyWorkers()).hasSize(size).noneMatch((worker) -> worker.pid() == pid));
	}

}
