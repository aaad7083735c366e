package io.ipcboot.compatibility.management;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An operator sees the pools through Actuator, and acts on them.
 */
class PoolEndpointTests extends ManagedApplicationTests {

	private static final Path PAGE = Path.of("../../docs/src/main/asciidoc/operating.adoc");

	PoolEndpointTests() {
		super("ipc,health,metrics");
	}

	@Test
	void whatIsSeenIsReadOnlyByDefault() throws Exception {
		try (RunningApplication application = startManaged()) {
			JsonNode pool = read(application, "/actuator/ipc").at("/pools/default");
			assertThat(pool.at("/state").asString()).isEqualTo("RUNNING");
			assertThat(pool.at("/size").asInt()).isEqualTo(2);
			assertThat(pool.at("/ready").asInt()).isEqualTo(2);
			List<Long> pids = application.facts().workers().stream().map(ProcessFacts::pid).toList();
			assertThat(read(application, "/actuator/ipc/default").at("/slots"))
				.extracting((slot) -> slot.at("/pid").asLong())
				.containsExactlyInAnyOrderElementsOf(pids);
			JsonNode slot = read(application, "/actuator/ipc/default/1");
			assertThat(slot.at("/slot").asInt()).isEqualTo(1);
			assertThat(slot.at("/state").asString()).isEqualTo("READY");
			assertThat(slot.at("/residentMemory").asLong()).isPositive();
			assertThat(slot.has("lastLines")).isFalse();
			assertThat(read(application, "/actuator/ipc").at("/actions")).isEmpty();
			assertThat(status(application, "/actuator/ipc/default/1/threaddump", null)).isEqualTo(403);
			assertThat(status(application, "/actuator/ipc/unknown", null)).isEqualTo(404);
			assertThat(status(application, "/actuator/ipc/default/7", null)).isEqualTo(404);
			assertThat(status(application, "/actuator/ipc/default", "{\"action\":\"restart\"}")).isEqualTo(405);
		}
	}

	@Test
	void anOperatorActsOnPoolsAndWorkers() throws Exception {
		try (RunningApplication application = startManaged("--management.endpoint.ipc.access=unrestricted")) {
			long victim = read(application, "/actuator/ipc/default/0").at("/pid").asLong();
			application.expectExits(1);
			assertThat(act(application, "/actuator/ipc/default/0", "{\"action\":\"kill\"}").at("/outcome").asString())
				.isEqualTo("DONE");
			application.await("a new worker", () -> {
				JsonNode slot = read(application, "/actuator/ipc/default/0");
				assertThat(slot.at("/state").asString()).isEqualTo("READY");
				assertThat(slot.at("/pid").asLong()).isNotEqualTo(victim);
				assertThat(slot.at("/lastExit").asString()).contains("SIGKILL");
			});
			application.expectExits(2);
			List<Long> before = pids(application);
			JsonNode restart = act(application, "/actuator/ipc/default", "{\"action\":\"restart\"}");
			assertThat(restart.at("/outcome").asString()).as(restart.toString()).isIn("DONE", "UNDER_WAY");
			application.await("new workers", () -> {
				assertThat(pids(application)).doesNotContainAnyElementsOf(before);
				assertThat(read(application, "/actuator/ipc/default").at("/ready").asInt()).isEqualTo(2);
			});
			application.expectExits(1);
			act(application, "/actuator/ipc/default", "{\"action\":\"resize\",\"size\":1}");
			application.await("one worker", () -> assertThat(application.facts().workers()).hasSize(1));
			act(application, "/actuator/ipc/default", "{\"action\":\"resize\",\"size\":2}");
			application.await("two workers",
					() -> assertThat(read(application, "/actuator/ipc/default").at("/ready").asInt()).isEqualTo(2));
			for (String action : List.of("kill", "restart", "resize to 1", "resize to 2")) {
				assertThat(application.lines("audited ")).filteredOn((line) -> line.contains("action=" + action))
					.hasSize(1);
			}
		}
	}

	@Test
	void whatAWorkerDoesAndPrintsIsSeen() throws Exception {
		try (RunningApplication application = startManaged("--management.endpoint.ipc.access=unrestricted",
				"--management.endpoint.ipc.show-output=always")) {
			String pool = management(application) + "/actuator/ipc/default";
			application.get("/hold");
			application.await("a call and a message", () -> {
				JsonNode slots = read(application, "/actuator/ipc/default").at("/slots");
				assertThat(List.of(slots.at("/0/work/0"), slots.at("/1/work/0")))
					.extracting((work) -> work.at("/destination").asString() + " " + work.at("/call").asBoolean())
					.containsExactlyInAnyOrder("render true", ManagementApplication.HOSTILE + " false");
				assertThat(Duration.parse(slots.at("/0/work/0/age").asString())).isPositive();
			});
			assertThat(read(application, "/actuator/ipc/default").at("/busy").asInt()).isEqualTo(2);
			int victim = (read(application, "/actuator/ipc/default/0").at("/work/0/call").asBoolean()) ? 1 : 0;
			long pid = read(application, "/actuator/ipc/default/" + victim).at("/pid").asLong();
			assertThat(application.get(pool + "/" + victim + "/threaddump")).startsWith("Full thread dump ")
				.contains("\"main\" #1", "ManagementApplication.held(", "JNI global refs", "\nHeap\n")
				.doesNotContain("It prints");
			application.expectExits(1);
			act(application, "/actuator/ipc/default/" + victim, "{\"action\":\"kill\"}");
			application.await("its end", () -> {
				JsonNode slot = read(application, "/actuator/ipc/default/" + victim);
				assertThat(slot.at("/exits/0/pid").asLong()).isEqualTo(pid);
				assertThat(slot.at("/exits/0/cause").asString()).isEqualTo("KILLED");
				assertThat(slot.at("/exits/0/description").asString()).isEqualTo("was ended by SIGKILL");
				assertThat(Duration.parse(slot.at("/exits/0/ago").asString())).isPositive();
				assertThat(slot.at("/state").asString()).isEqualTo("READY");
				assertThat(slot.at("/work")).isEmpty();
			});
			// neither the secret nor the thread dump
			List<String> lines = StreamSupport
				.stream(read(application, "/actuator/ipc/default/" + victim).at("/lastLines").spliterator(), false)
				.map(JsonNode::asString)
				.toList();
			assertThat(lines).endsWith("******", "It prints " + ManagementApplication.HOSTILE)
				.noneMatch((line) -> line.contains("thread dump") || line.contains("JNI global refs"));
			assertThat(status(application, "/actuator/ipc/default/" + victim + "/unknown", null)).isEqualTo(404);
			assertThat(status(application, "/actuator/ipc/default/9/threaddump", null)).isEqualTo(404);
			Files.createFile(this.directory.resolve("release"));
		}
	}

	@Test
	void aRequestThatMakesNoSenseIsRefused() throws Exception {
		try (RunningApplication application = startManaged("--management.endpoint.ipc.access=unrestricted")) {
			assertThat(status(application, "/actuator/ipc/default", "{\"action\":\"dance\"}")).isEqualTo(400);
			assertThat(status(application, "/actuator/ipc/default", "{\"action\":\"resize\"}")).isEqualTo(400);
			assertThat(status(application, "/actuator/ipc/default", "{}")).isEqualTo(400);
			assertThat(status(application, "/actuator/ipc/unknown", "{\"action\":\"restart\"}")).isEqualTo(404);
			assertThat(status(application, "/actuator/ipc/default/9", "{\"action\":\"kill\"}")).isEqualTo(404);
			// what a form on any page can send
			assertThat(application
				.exchange(management(application) + "/actuator/ipc/default", "application/x-www-form-urlencoded",
						"action=restart")
				.statusCode()).isEqualTo(415);
		}
	}

	@Test
	void aPoolWithoutWorkersIsDown() throws Exception {
		try (RunningApplication application = startManaged("--management.endpoint.ipc.access=unrestricted",
				"--management.endpoint.health.show-details=always", "--logging.level.io.ipcboot.pool.RestartPolicy=off",
				"--ipc.pools.default.restart.backoff.initial=50ms", "--ipc.pools.default.restart.backoff.maximum=50ms",
				"--ipc.pools.default.restart.budget.deaths=1", "--ipc.pools.default.restart.probe-interval=1s")) {
			assertThat(health(application).at("/status").asString()).isEqualTo("UP");
			Path broken = Files.createFile(this.directory.resolve("broken"));
			act(application, "/actuator/ipc/default/0", "{\"action\":\"kill\"}");
			act(application, "/actuator/ipc/default/1", "{\"action\":\"kill\"}");
			application.await("down", () -> {
				JsonNode health = health(application);
				assertThat(health.at("/status").asString()).isEqualTo("DOWN");
				assertThat(health.at("/details/degraded").asString()).isNotBlank();
			});
			assertThat(status(application, "/actuator/health", null)).isEqualTo(503);
			assertThat(status(application, "/actuator/health/liveness", null)).isEqualTo(200);
			Files.delete(broken);
			application.await("up", () -> assertThat(status(application, "/actuator/health", null)).isEqualTo(200));
			application.await("all workers",
					() -> assertThat(read(application, "/actuator/ipc/default").at("/ready").asInt()).isEqualTo(2));
			application.acceptExits();
		}
	}

	@Test
	void theMetersAreThoseOfTheGuide() throws Exception {
		try (RunningApplication application = startManaged()) {
			application.replaceWorker();
			application.await("meters", () -> {
				assertThat(meter(application, "ipc.pool.workers?tag=pool:default&tag=state:ready")).isEqualTo(2);
				assertThat(meter(application, "ipc.worker.exits?tag=pool:default&tag=cause:killed")).isEqualTo(1);
				assertThat(meter(application, "ipc.worker.memory?tag=slot:1&tag=area:resident")).isPositive();
				assertThat(meter(application, "ipc.worker.startup")).isEqualTo(3);
			});
			assertThat(meter(application, "ipc.pool.size")).isEqualTo(2);
			assertThat(meter(application, "ipc.pool.waiting")).isZero();
			assertThat(meter(application, "ipc.pool.busy")).isZero();
			Set<String> names = StreamSupport
				.stream(read(application, "/actuator/metrics").at("/names").spliterator(), false)
				.map(JsonNode::asString)
				.filter((name) -> name.startsWith("ipc.") && !name.startsWith("ipc.client"))
				.collect(Collectors.toCollection(TreeSet::new));
			assertThat(names).isEqualTo(namesInTheGuide());
		}
	}

	private static Set<String> namesInTheGuide() throws Exception {
		return Pattern.compile("(?m)^\\|`(ipc\\.[a-z.]+)`")
			.matcher(Files.readString(PAGE))
			.results()
			.map((result) -> result.group(1))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private List<Long> pids(RunningApplication application) {
		return StreamSupport.stream(read(application, "/actuator/ipc/default").at("/slots").spliterator(), false)
			.map((slot) -> slot.at("/pid").asLong())
			.toList();
	}

	/** The status may say that it is down. */
	private JsonNode health(RunningApplication application) {
		String body = application.exchange(management(application) + "/actuator/health", null, null).body();
		return JsonMapper.shared().readTree(body).at("/components/ipc/components/default");
	}

	private JsonNode act(RunningApplication application, String path, String body) {
		HttpResponse<String> response = post(application, path, body);
		// on a busy machine, an action may take longer than the answer
		assertThat(response.statusCode()).as(response.body()).isIn(200, 202);
		return JsonMapper.shared().readTree(response.body());
	}

	private int status(RunningApplication application, String path, @Nullable String body) {
		return (body != null) ? post(application, path, body).statusCode()
				: application.exchange(management(application) + path, null, null).statusCode();
	}

	private HttpResponse<String> post(RunningApplication application, String path, String body) {
		return application.exchange(management(application) + path, "application/json", body);
	}

}
