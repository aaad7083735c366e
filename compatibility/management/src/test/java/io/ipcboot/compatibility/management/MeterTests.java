package io.ipcboot.compatibility.management;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The meters of pools and workers show what happens to them, and their number does not
 * grow.
 */
class MeterTests extends ManagedApplicationTests {

	private static final int ROUNDS = 5;

	MeterTests() {
		super("ipc,metrics,prometheus");
	}

	@Test
	void whatASaturatedPoolDoesIsMeasured() throws Exception {
		try (RunningApplication application = startManaged("--ipc.pools.default.queue-capacity=2")) {
			assertThat(meter(application, "ipc.pool.queue.time")).isZero();
			Files.createFile(this.directory.resolve("begin"));
			application.await("a full queue", () -> {
				assertThat(meter(application, "ipc.pool.busy")).as("busy").isEqualTo(1);
				assertThat(meter(application, "ipc.pool.waiting")).as("waiting").isPositive();
				assertThat(meter(application, "ipc.pool.refused?tag=pool:default&tag=reason:queue")).as("refused")
					.isEqualTo(1);
			});
			assertThat(meter(application, "ipc.pool.refused?tag=reason:timeout")).isZero();
			assertThat(meter(application, "ipc.worker.in.flight?tag=slot:0")).isPositive();
			// also of workers whose listeners do not return
			Exposition before = scrape(application);
			application.await("newer metrics", () -> {
				Exposition now = scrape(application);
				for (String slot : List.of("0", "1")) {
					assertThat(now.uptime(slot)).isGreaterThan(before.uptime(slot));
				}
			});
			Files.createFile(this.directory.resolve("end"));
			application.await("an empty queue", () -> {
				JsonNode times = read(application, "/actuator/metrics/ipc.pool.queue.time?tag=pool:default");
				assertThat(times.at("/measurements/0/value").asDouble()).isEqualTo(2);
				assertThat(times.at("/measurements/1/value").asDouble()).isPositive();
				assertThat(meter(application, "ipc.pool.busy")).isZero();
			});
		}
	}

	@Test
	void workersThatAreReplacedAddNoMeter() throws Exception {
		try (RunningApplication application = startManaged("--logging.level.io.ipcboot.pool.RestartPolicy=off",
				"--ipc.pools.default.restart.backoff.initial=10ms", "--ipc.pools.default.restart.backoff.maximum=10ms",
				"--ipc.pools.default.restart.budget.deaths=1000")) {
			Set<Long> seen = new HashSet<>();
			Set<String> meters = Set.of();
			for (int round = 0; round < ROUNDS; round++) {
				List<Long> victims = application.facts().workers().stream().map(ProcessFacts::pid).toList();
				seen.addAll(victims);
				victims.forEach((pid) -> ProcessHandle.of(pid).orElseThrow().destroyForcibly());
				application.expectExits(victims.size());
				application.await("other workers", () -> {
					List<ProcessFacts> workers = application.facts().workers();
					assertThat(workers).hasSize(2).noneMatch((worker) -> victims.contains(worker.pid()));
					assertThat(meter(application, "ipc.worker.exits?tag=cause:killed")).isEqualTo(seen.size());
					assertThat(meter(application, "ipc.worker.startup")).isEqualTo(seen.size() + 2);
				});
				Set<String> now = meters(application);
				if (round > 0) {
					assertThat(now).isEqualTo(meters);
				}
				meters = now;
			}
			assertThat(meters).noneMatch((meter) -> seen.stream().anyMatch((pid) -> meter.contains(pid.toString())));
		}
	}

	@Test
	void aScrapeHasEachMetricOnceWithTheRowsOfAllProcesses() throws Exception {
		try (RunningApplication application = startManaged("--ipc.pools.default.heartbeat.interval=0")) {
			for (String format : List.of("text/plain", "application/openmetrics-text")) {
				Exposition scrape = Exposition
					.parse(application.get(management(application) + "/actuator/prometheus", "Accept", format));
				assertThat(scrape.slots("jvm_threads_live_threads")).containsExactlyInAnyOrder("none", "0", "1");
				assertThat(scrape.slots("ipc_pool_size")).containsExactly("none");
				assertThat(scrape.slots("ipc_messages_unhandled_total")).containsExactlyInAnyOrder("none", "0", "1");
			}
			assertThat(Exposition
				.parse(application
					.get(management(application) + "/actuator/prometheus?includedNames=jvm_threads_live_threads"))
				.families()).containsExactly("jvm_threads_live_threads");
			stopsAndGoesOn(application);
		}
	}

	private void stopsAndGoesOn(RunningApplication application) throws Exception {
		long pid = read(application, "/actuator/ipc/default/0").at("/pid").asLong();
		signal("STOP", pid);
		application.await("a stopped worker", () -> assertThat(isStopped(pid)).isTrue());
		Exposition last = scrape(application);
		application.await("metrics of the others", () -> {
			Exposition now = scrape(application);
			assertThat(now.uptime("1")).isGreaterThan(last.uptime("1"));
			assertThat(now.uptime("none")).isGreaterThan(last.uptime("none"));
			assertThat(now.uptime("0")).isEqualTo(last.uptime("0"));
		});
		signal("CONT", pid);
		application.await("metrics of all",
				() -> assertThat(scrape(application).uptime("0")).isGreaterThan(last.uptime("0")));
	}

	private static void signal(String name, long pid) throws Exception {
		assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).inheritIO().start().waitFor()).isZero();
	}

	/** A process is stopped when all of its threads are. */
	private static boolean isStopped(long pid) {
		try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
			return threads.allMatch((thread) -> stateOf(thread).equals("T"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String stateOf(Path thread) {
		try {
			String stat = Files.readString(thread.resolve("stat"));
			return stat.substring(stat.lastIndexOf(')') + 2).substring(0, 1);
		}
		catch (IOException ex) {
			// it has just ended
			return "T";
		}
	}

	private Exposition scrape(RunningApplication application) {
		return Exposition.parse(application.get(management(application) + "/actuator/prometheus"));
	}

	/** Return the names of the library's meters, with their tags. */
	private Set<String> meters(RunningApplication application) {
		return StreamSupport.stream(read(application, "/actuator/metrics").at("/names").spliterator(), false)
			.map(JsonNode::asString)
			// those of observations depend on what became of the calls
			.filter((name) -> name.startsWith("ipc.") && !name.startsWith("ipc.client"))
			.map((name) -> name + read(application, "/actuator/metrics/" + name).at("/availableTags"))
			.collect(Collectors.toCollection(TreeSet::new));
	}

}
