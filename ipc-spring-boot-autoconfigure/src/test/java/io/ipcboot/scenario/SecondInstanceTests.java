package io.ipcboot.scenario;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S21: the application is started once more while it runs, with the same directories.
 */
@ProcessTest
@Tag("long")
class SecondInstanceTests {

	private static final ParameterizedTypeReference<List<Long>> PIDS = new ParameterizedTypeReference<>() {
	};

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@TempDir
	Path directory;

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void s21InstancesInOneDirectoryLeaveEachOtherAlone() throws Exception {
		ChildProcess first = this.processes.fork(parent());
		List<Long> workers = first.call("pids", null, PIDS);
		Path temporary = temporaryOf(first);
		Path file = Files.writeString(temporary.resolve("in-use"), "by the first");
		// what a third one has left behind, that was killed with its workers
		ChildProcess third = this.processes.fork(parent());
		Path stale = temporaryOf(third);
		SharedTemporaryDirectoryTests.killWithWorkers(third);
		assertThat(stale).isDirectory();
		ChildProcess second = this.processes.fork(parent());
		assertThat(stale).doesNotExist();
		assertThat(file).hasContent("by the first");
		assertThat(temporaryOf(second)).isDirectory().isNotEqualTo(temporary);
		assertThat(second.call("echo", "second", String.class)).isEqualTo("second");
		second.disconnect();
		assertThat(second.onExit()).succeedsWithin(Invariants.PATIENCE);
		assertThat(file).hasContent("by the first");
		assertThat(first.call("pids", null, PIDS)).isEqualTo(workers);
		assertThat(first.call("echo", "first", String.class)).isEqualTo("first");
		// it can still make what its next worker needs
		assertThat(first.call("kill", workers.get(0), Boolean.class)).isTrue();
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> first.call("pids", null, PIDS), (pids) -> pids.size() == 2 && !pids.contains(workers.get(0)));
	}

	private ForkOptions parent() {
		return this.invariants.mark(StandaloneTemplate.child(ScenarioParent.class)
			.systemProperty("java.io.tmpdir", this.directory.toString())
			.output(ProcessOutput.DISCARD));
	}

	private static Path temporaryOf(ChildProcess parent) {
		return Path.of(parent.call("worker-property", "java.io.tmpdir", String.class));
	}

}
