package io.ipcboot.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.messaging.StackEnd;
import io.ipcboot.pool.LossCause;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parent is killed, stopped or starved: no process outlives it, none dies for it.
 */
@ProcessTest
class ParentFaultTests {

	private static final ParameterizedTypeReference<List<Long>> PIDS = new ParameterizedTypeReference<>() {
	};

	private static final ParameterizedTypeReference<List<String>> NAMES = new ParameterizedTypeReference<>() {
	};

	@RegisterExtension
	final Invariants invariants = new Invariants();

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void s10KilledParent() {
		ChildProcess parent = this.processes.fork(parent());
		List<Long> workers = parent.call("pids", null, PIDS);
		parent.call("spin", null, Long.class);
		parent.kill("KILL");
		parent.onExit().join();
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.untilAsserted(() -> assertThat(workers).noneMatch(Invariants::isRunning));
		// the next one starts at once
		ChildProcess next = this.processes.fork(parent());
		assertThat(next.call("echo", "x", String.class)).isEqualTo("x");
	}

	@Test
	void anExitInAListenerThatAWorkerWaitsForTakesNoLongerThanAnyOther() {
		ChildProcess parent = this.processes.fork(parent());
		parent.send("exit-for-worker", 3);
		assertThat(parent.onExit()).succeedsWithin(Invariants.PATIENCE);
		assertThat(parent.onExit().join().code()).isEqualTo(3);
	}

	@Test
	void aThreadWithoutStackHarmsNoWorker() throws Exception {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		// a class that cannot be initialized for want of stack never can again
		pool.ask("echo", "x", String.class);
		pool.destination("echo").message("x").send().join();
		pool.destination("echo").message("x").callAsync(String.class).cancel(true);
		assertThat(StackEnd.run(() -> pool.destination("echo").message("x").call(String.class))).isPositive();
		assertThat(StackEnd.run(() -> pool.destination("echo").message("x").send())).isPositive();
		assertThat(StackEnd.run(() -> pool.destination("echo").message("x").callAsync(String.class).cancel(true)))
			.isPositive();
		for (int i = 0; i < 200; i++) {
			assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
		}
	}

	@Test
	void s30GrandchildOfAKilledWorker() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		long grandchild = pool.ask("grandchild", null, Long.class);
		ChildProcess worker = pool.worker();
		assertThat(Invariants.isRunning(grandchild)).isTrue();
		worker.kill("KILL");
		// it has inherited the pipes, and must not keep their readers alive
		assertThat(worker.onExit()).succeedsWithin(Invariants.PATIENCE);
		pool.expectDeaths(LossCause.KILLED);
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> !Invariants.isRunning(grandchild));
		pool.awaitReplaced(worker.pid());
	}

	@Test
	@Tag("long")
	void s30GrandchildOfAWorkerThatLeaves() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		long grandchild = pool.ask("grandchild", null, Long.class);
		long pid = pool.worker().pid();
		pool.operations().drain(0).join();
		pool.awaitReplaced(pid);
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> !Invariants.isRunning(grandchild));
	}

	@Test
	@Tag("long")
	void s30GrandchildrenOfAKilledParent() {
		ChildProcess parent = this.processes.fork(parent());
		// of both workers, one of which has to be halted
		List<Long> grandchildren = List.of(parent.call("grandchild", null, Long.class),
				parent.call("grandchild", null, Long.class));
		parent.call("spin", null, Long.class);
		assertThat(grandchildren).allMatch(Invariants::isRunning);
		parent.kill("KILL");
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.untilAsserted(() -> assertThat(grandchildren).noneMatch(Invariants::isRunning));
	}

	@Test
	void s21StaleFilesOfAKilledParentAreRemovedByTheNext() {
		// not in the private directory of the parent, which goes with it
		ForkOptions options = parent().systemProperty("java.io.tmpdir", System.getProperty("java.io.tmpdir"));
		ChildProcess parent = this.processes.fork(options);
		Path directory = Path.of(parent.call("worker-property", "java.io.tmpdir", String.class));
		List<Long> workers = parent.call("pids", null, PIDS);
		assertThat(directory).isDirectory();
		// none of them gets the chance to clean up
		workers.forEach((pid) -> ProcessHandle.of(pid).ifPresent((worker) -> signal(worker, "STOP")));
		parent.kill("KILL");
		parent.onExit().join();
		workers.forEach((pid) -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
		assertThat(directory).isDirectory();
		ChildProcess next = this.processes.fork(options);
		assertThat(directory).doesNotExist();
		assertThat(next.call("echo", "x", String.class)).isEqualTo("x");
	}

	@Test
	void s24NoDescriptorLeftInTheParent() {
		ChildProcess parent = this.processes.fork(parent().commandPrefix("prlimit", "--nofile=300"));
		// once while all is well: a class that is not loaded yet needs a descriptor too
		long first = parent.call("pids", null, PIDS).get(0);
		assertThat(parent.call("kill", first, Boolean.class)).isTrue();
		List<Long> before = Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> parent.call("pids", null, PIDS), (pids) -> pids.size() == 2 && !pids.contains(first));
		assertThat(parent.call("last-exit", 0, String.class)).contains("SIGKILL");
		assertThat(parent.call("echo", "before", String.class)).isEqualTo("before");
		assertThat(parent.call("exhaust-descriptors", null, Integer.class)).isPositive();
		ProcessHandle.of(before.get(0)).ifPresent(ProcessHandle::destroyForcibly);
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> String.valueOf(parent.call("last-exit", 0, String.class)).contains("could not be forked"));
		for (int i = 0; i < 50; i++) {
			assertThat(parent.call("echo", "meanwhile", String.class)).isEqualTo("meanwhile");
		}
		assertThat(parent.call("release-descriptors", null, Integer.class)).isPositive();
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> parent.call("pids", null, PIDS).size() == 2);
		assertThat(parent.call("pids", null, PIDS)).contains(before.get(1)).doesNotContain(before.get(0));
	}

	@Test
	@Tag("long")
	void s44ParentWithDebuggerAgentsAndFiles(@TempDir Path directory) throws Exception {
		ForkOptions options = parent().jvmArguments(
				"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,quiet=y,address=127.0.0.1:0",
				"-Dcom.sun.management.jmxremote.port=0", "-Dcom.sun.management.jmxremote.authenticate=false",
				"-Dcom.sun.management.jmxremote.ssl=false", "-Xlog:gc:file=" + directory.resolve("gc.log"),
				"-XX:HeapDumpPath=" + directory, "-XX:+HeapDumpOnOutOfMemoryError",
				"-XX:ErrorFile=" + directory.resolve("error.log"), "-Xmx200m");
		ChildProcess parent = this.processes.fork(options);
		assertThat(parent.call("echo", "x", String.class)).isEqualTo("x");
		String flags = parent.call("worker-flags", null, String.class);
		assertThat(flags).doesNotContain("jdwp")
			.doesNotContain("jmxremote")
			.doesNotContain(directory.toString())
			.doesNotContain("-Xmx200m")
			.contains("-XX:ErrorFile=");
		try (var files = Files.list(directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).containsExactly("gc.log");
		}
	}

	@Test
	@Tag("long")
	void s32MemoryOfTheControlGroup() throws IOException {
		Path root = Path.of("/sys/fs/cgroup/memory");
		Assumptions.assumeTrue(Files.isWritable(root.resolve("cgroup.procs")),
				"a control group of version 1 can be made, which needs the right to");
		Path group = Files.createDirectory(root.resolve("ipc-test-" + ProcessHandle.current().pid()));
		try {
			Files.writeString(group.resolve("memory.limit_in_bytes"), "500M");
			ChildProcess parent = this.processes
				.fork(parent().jvmArguments("-Xmx64m", "-D" + ScenarioParent.WORKER_FLAG + "=-Xmx1g")
					.commandPrefix("sh", "-c", "echo $$ > %s/cgroup.procs; exec \"$@\"".formatted(group), "sh"));
			assertThat(parent.call("allocate", 700, String.class)).isEqualTo(LossCause.OUT_OF_MEMORY.name());
			Awaitility.await().atMost(Invariants.PATIENCE).until(() -> parent.call("pids", null, PIDS).size() == 2);
			assertThat(parent.call("echo", "x", String.class)).isEqualTo("x");
		}
		finally {
			this.processes.close();
			Awaitility.await().atMost(Invariants.PATIENCE).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
				Files.delete(group);
				return true;
			});
		}
	}

	@Test
	void s38StopUnderLoad() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		List<CompletableFuture<String>> calls = new ArrayList<>();
		calls.add(pool.call("sleep", 400L, String.class));
		calls.add(pool.call("sleep", 400L, String.class));
		for (int i = 0; i < 300; i++) {
			calls.add(pool.call("echo", "x", String.class));
		}
		pool.stop(Duration.ofSeconds(20));
		assertThat(calls).allSatisfy((call) -> assertThat(call).isCompletedWithValueMatching((reply) -> true));
		this.invariants.poolsAreStopped();
	}

	private ForkOptions parent() {
		return this.invariants.mark(StandaloneTemplate.child(ScenarioParent.class).output(ProcessOutput.DISCARD));
	}

	private static void signal(ProcessHandle process, String name) {
		try {
			assertThat(new ProcessBuilder("sh", "-c", "kill -s " + name + " " + process.pid()).start().waitFor())
				.isZero();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
