package io.ipcboot.scenario;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.ChildProcess;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The parent itself did not run for longer than its workers may be silent, as in a long
 * collection of garbage: it kills nobody for that, and says so.
 */
@ProcessTest
class ParentPauseTests {

	private static final ParameterizedTypeReference<List<Long>> PIDS = new ParameterizedTypeReference<>() {
	};

	private static final ParameterizedTypeReference<List<String>> NAMES = new ParameterizedTypeReference<>() {
	};

	/** Twice what a worker of the parent may be silent for. */
	private static final Duration PAUSE = Duration.ofMillis(2_200);

	@RegisterExtension
	final Invariants invariants = new Invariants();

	private final List<String> log = new CopyOnWriteArrayList<>();

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void s2cAndS43APausedParentKillsNobodyAndLogsThatItWasLate() {
		ForkOptions options = StandaloneTemplate.child(ScenarioParent.class)
			.output((line) -> this.log.add(line.text()));
		ChildProcess parent = this.processes.fork(this.invariants.mark(options));
		List<Long> pids = parent.call("pids", null, PIDS);
		assertThat(pids).hasSize(2);
		CompletableFuture<String> underway = parent.callAsync("sleep", 1_000L, String.class);
		for (int pauses = 1; pauses <= 2; pauses++) {
			parent.kill("STOP");
			Awaitility.await().pollDelay(PAUSE).until(() -> true);
			parent.kill("CONT");
			int expected = pauses;
			Awaitility.await().atMost(Invariants.PATIENCE).until(() -> reports().size() >= expected);
		}
		assertThat(reports()).allSatisfy((report) -> assertThat(millis(report)).isLessThan(10_000L));
		assertThat(underway).succeedsWithin(Invariants.PATIENCE).isEqualTo("slept");
		assertThat(parent.call("echo", "x", String.class)).isEqualTo("x");
		assertThat(parent.call("deaths", null, NAMES)).isEmpty();
		assertThat(parent.call("pids", null, PIDS)).isEqualTo(pids);
		// nor have they thought that it was gone
		assertThat(parent.call("worker-printed", "The parent gave no sign of life for", Boolean.class)).isTrue();
		assertThat(parent.call("worker-printed", "The parent is giving signs of life again", Boolean.class)).isTrue();
	}

	/**
	 * Reports of pauses as long as those of the test; a busy machine adds shorter ones.
	 */
	private List<String> reports() {
		return this.log.stream()
			.filter((line) -> line.contains("This process was suspended for") && millis(line) >= 1_000)
			.toList();
	}

	private static long millis(String report) {
		return Long.parseLong(report.replaceAll(".*was suspended for ([\\d.,]+) ms.*", "$1").replaceAll("\\D", ""));
	}

}
