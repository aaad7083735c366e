package io.ipcboot.scenario;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.pool.LossCause;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S45: the parent is process 1, as in a container, so it adopts what others leave behind.
 */
@ProcessTest
class ProcessOneTests {

	static final String[] NEW_NAMESPACE = { "unshare", "--pid", "--fork", "--kill-child", "--mount-proc" };

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
	void s45AdoptedOrphansAreNotTakenForWorkers() throws Exception {
		assumeNamespaces();
		ForkOptions options = StandaloneTemplate.child(ScenarioParent.class)
			.output(ProcessOutput.DISCARD)
			.commandPrefix(NEW_NAMESPACE);
		ChildProcess parent = this.processes.fork(this.invariants.mark(options));
		assertThat(parent.call("own-pid", null, Long.class)).isEqualTo(1);
		List<Long> before = parent.call("pids", null, PIDS);
		assertThat(before).hasSize(2);
		// one that ends at once and one that stays
		long brief = parent.call("orphan", 0.01, Long.class);
		long lasting = parent.call("orphan", 1000.0, Long.class);
		Awaitility.await().atMost(Invariants.PATIENCE).until(() -> state(parent, brief) != 'S');
		assertThat(parent.call("parent-of", lasting, Long.class)).as("who has adopted it").isEqualTo(1);
		assertThat(parent.call("deaths", null, NAMES)).as("deaths of workers").isEmpty();
		// a worker's own end is still seen for what it is
		assertThat(parent.call("kill", before.get(0), Boolean.class)).isTrue();
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> parent.call("pids", null, PIDS), (pids) -> pids.size() == 2 && !pids.contains(before.get(0)));
		assertThat(parent.call("deaths", null, NAMES)).containsExactly(LossCause.KILLED.name());
		assertThat(parent.call("pids", null, PIDS)).contains(before.get(1));
		assertThat(parent.call("echo", "x", String.class)).isEqualTo("x");
	}

	private static char state(ChildProcess parent, long pid) {
		return parent.call("state-of", pid, String.class).charAt(0);
	}

	static void assumeNamespaces() throws IOException, InterruptedException {
		ProcessBuilder builder = new ProcessBuilder(NEW_NAMESPACE);
		builder.command().add("true");
		try {
			Process attempt = builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
			boolean permitted = attempt.waitFor(10, TimeUnit.SECONDS) && attempt.exitValue() == 0;
			Assumptions.assumeTrue(permitted, "a namespace of process ids can be made, which needs the right to");
		}
		catch (IOException ex) {
			Assumptions.abort("there is no unshare(1): " + ex.getMessage());
		}
	}

}
