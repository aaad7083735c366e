package io.ipcboot.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import io.ipcboot.NothingLeftBehind;
import io.ipcboot.ProcStat;
import io.ipcboot.ProcessTest;
import io.ipcboot.pool.LossCause;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * S37: what a worker costs its parent is given back when it has ended.
 */
@ProcessTest
@Tag("long")
class ManyRestartsTests {

	private static final int WARM_UP = 3;

	private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@Test
	@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void s37NothingGrowsWithTheNumberOfRestarts() {
		int restarts = Integer.getInteger("tests.restarts", 15);
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1).spares(1));
		restart(pool, WARM_UP);
		Map<String, Long> before = awaitQuiet(pool, Map.of());
		long memory = residentMemory();
		restart(pool, restarts);
		Map<String, Long> after = awaitQuiet(pool, before);
		assertThat(after).as("with %d more restarts", restarts).isEqualTo(before);
		assertThat(residentMemory() - memory).as("growth of resident memory")
			.isLessThan(DataSize.ofMegabytes(64).toBytes());
	}

	private static void restart(ObservedPool pool, int count) {
		for (int i = 0; i < count; i++) {
			long pid = pool.worker().pid();
			pool.worker().kill("KILL");
			pool.expectDeaths(LossCause.KILLED);
			pool.awaitReplaced(pid);
			assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
		}
	}

	/** Wait until the pool is complete, and everything is as it was. */
	private static Map<String, Long> awaitQuiet(ObservedPool pool, Map<String, Long> expected) {
		Awaitility.await()
			.atMost(Invariants.PATIENCE)
			.until(() -> pool.snapshot().spares() == 1 && (expected.isEmpty() || holdings().equals(expected)));
		return holdings();
	}

	/** What this process holds for its two workers. */
	private static Map<String, Long> holdings() {
		long own = ProcessHandle.current().pid();
		Map<String, Long> holdings = new TreeMap<>();
		holdings.put("sockets",
				NothingLeftBehind.descriptors(own).stream().filter((link) -> link.startsWith("socket:")).count());
		holdings.put("pipes",
				NothingLeftBehind.descriptors(own).stream().filter((link) -> link.startsWith("pipe:")).count());
		holdings.put("ledgers",
				NothingLeftBehind.descriptors(own).stream().filter((link) -> link.contains("ipc-")).count());
		holdings.put("threads", Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			// these come and go with what there is to do
			.filter((name) -> name.startsWith("ipc-") && !name.matches("ipc-(background|timer|reserve)-\\d+"))
			.count());
		holdings.put("files", count(TEMPORARY, (name) -> name.startsWith("ipc-worker-" + own + "-")));
		holdings.put("shared memory", count(Path.of("/dev/shm"), (name) -> name.startsWith("ipc-" + own + "-")));
		holdings.put("processes",
				count(Path.of("/proc"), (name) -> name.matches("\\d+") && parentOf(name).equals(Long.toString(own))));
		return holdings;
	}

	private static long count(Path directory, Predicate<String> names) {
		long count = 0;
		try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
			for (Path entry : stream) {
				count += names.test(entry.getFileName().toString()) ? 1 : 0;
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return count;
	}

	/** Of a zombie too. */
	private static String parentOf(String pid) {
		List<String> fields = ProcStat.of(Long.parseLong(pid));
		// or it has ended since it was listed
		return fields.isEmpty() ? "" : fields.get(1);
	}

	private static long residentMemory() {
		System.gc();
		try {
			return Files.readAllLines(Path.of("/proc/self/status"))
				.stream()
				.filter((line) -> line.startsWith("VmRSS:"))
				.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
