package io.ipcboot.compatibility.management;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class PoolAvailabilityTests extends ApplicationTests {

	@Test
	void theApplicationRefusesTrafficUntilAllPoolsThatMatterHaveRecovered() throws Exception {
		try (RunningApplication application = start(Mode.SHARED, List.of("default", "other"),
				"--ipc.server.parent-accepts=false", "--ipc.pools.other.on-degraded=refuse-traffic",
				"--ipc.pools.other.size=1", "--ipc.pools.other.max-heap=128MB",
				"--ipc.pools.other.jvm-args=-XX:TieredStopAtLevel=1 -Dbroken=other-broken")
			.withOtherPorts(1)) {
			String management = management(application);
			assertThat(status(application, management, "readiness")).isEqualTo(200);
			Path broken = Files.createFile(this.directory.resolve("broken"));
			Path otherBroken = Files.createFile(this.directory.resolve("other-broken"));
			for (String worker : List.of("default/0", "default/1", "other/0")) {
				kill(application, management, worker);
			}
			application.await("both are degraded", () -> {
				assertThat(isDegraded(application, management, "default")).isTrue();
				assertThat(isDegraded(application, management, "other")).isTrue();
				assertThat(status(application, management, "readiness")).isEqualTo(503);
			});
			Files.delete(broken);
			application.await("one has recovered",
					() -> assertThat(pool(application, management, "default").at("/ready").asInt()).isEqualTo(2));
			assertThat(isDegraded(application, management, "default")).isFalse();
			assertThat(status(application, management, "readiness")).isEqualTo(503);
			assertThat(status(application, management, "liveness")).isEqualTo(200);
			Files.delete(otherBroken);
			application.await("the application accepts traffic",
					() -> assertThat(status(application, management, "readiness")).isEqualTo(200));
			application.await("all workers", () -> assertThat(application.facts().workers()).hasSize(2));
			application.acceptExits();
		}
	}

	@Test
	void theApplicationIsBrokenWhileAPoolIs() throws Exception {
		try (RunningApplication application = start(Mode.POOL, List.of("default"),
				"--ipc.pools.default.on-degraded=broken")
			.withOtherPorts(1)) {
			String management = management(application);
			Path broken = Files.createFile(this.directory.resolve("broken"));
			kill(application, management, "default/0");
			kill(application, management, "default/1");
			application.await("broken", () -> assertThat(status(application, management, "liveness")).isEqualTo(503));
			assertThat(status(application, management, "readiness")).isEqualTo(200);
			Files.delete(broken);
			application.await("correct", () -> assertThat(status(application, management, "liveness")).isEqualTo(200));
			application.await("all workers", () -> assertThat(application.facts().workers()).hasSize(2));
			application.acceptExits();
		}
	}

	/** Start an application whose pools are soon degraded, and soon try again. */
	private RunningApplication start(Mode mode, List<String> pools, String... arguments) throws Exception {
		Stream<String> restart = pools.stream()
			.flatMap((pool) -> Stream
				.of("backoff.initial=50ms", "backoff.maximum=50ms", "budget.deaths=1", "probe-interval=1s")
				.map((property) -> "--ipc.pools." + pool + ".restart." + property));
		return start(ManagementApplication.class, mode, Stream
			.of(Stream.of("--management.server.port=0", "--management.endpoints.web.exposure.include=ipc,health",
					"--management.endpoint.ipc.access=unrestricted",
					// it logs an error when a pool is degraded
					"--logging.level.io.ipcboot.pool.RestartPolicy=off"), restart, Stream.of(arguments))
			.flatMap((each) -> each)
			.toArray(String[]::new));
	}

	private static String management(RunningApplication application) {
		ProcessFacts parent = application.facts().parent();
		int port = parent.ports().stream().filter((each) -> !each.equals(parent.port())).findAny().get();
		return "http://127.0.0.1:" + port + "/actuator/";
	}

	private static void kill(RunningApplication application, String management, String worker) {
		assertThat(application.exchange(management + "ipc/" + worker, "application/json", "{\"action\":\"kill\"}")
			.statusCode()).isIn(200, 202);
	}

	private static boolean isDegraded(RunningApplication application, String management, String pool) {
		return !pool(application, management, pool).at("/degraded").isMissingNode();
	}

	private static JsonNode pool(RunningApplication application, String management, String pool) {
		return JsonMapper.shared().readTree(application.get(management + "ipc/" + pool));
	}

	private static int status(RunningApplication application, String management, String probe) {
		return application.exchange(management + "health/" + probe, null, null).statusCode();
	}

}
