package io.ipcboot.compatibility.actuator;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class ActuatorApplicationTests extends ApplicationTests {

	private static final Pattern START = Pattern.compile("(?m)^process_start_time_seconds .*$");

	@ParameterizedTest
	@EnumSource
	void allProcessesGiveTheAnswerOfTheParent(Server server) throws Exception {
		try (RunningApplication application = start(server,
				"--management.endpoint.health.group.liveness.include=livenessState,process")) {
			long parent = application.facts().parent().pid();
			for (String path : List.of("/actuator/health", "/actuator/health/liveness", "/livez")) {
				askAll(application, path, (answer) -> {
					assertThat(answer.statusCode()).isEqualTo(200);
					assertThat(json(answer).at("/components/process/details/pid").asLong()).isEqualTo(parent);
				});
			}
			askAll(application, "/actuator/info",
					(answer) -> assertThat(json(answer).at("/process/pid").asLong()).isEqualTo(parent));
			String start = start(application.exchange("/actuator/prometheus", null, null));
			askAll(application, "/actuator/prometheus", (answer) -> assertThat(start(answer)).isEqualTo(start));
			askAll(application, "/actuator/ipc", (answer) -> {
				assertThat(json(answer).at("/pools/default/ready").asInt()).isEqualTo(2);
				assertThat(type(answer)).startsWith("application/vnd.spring-boot.actuator.v3+json");
			});
			askAll(application, "/actuator/onlyparent", (answer) -> {
				assertThat(answer.body()).isEqualTo("Grüße " + parent);
				assertThat(type(answer)).startsWith("text/plain");
			});
			askAll(application, "/actuator", (answer) -> assertThat(json(answer).at("/_links").propertyNames())
				.contains("self", "health-path", "ipc-pool-slot", "onlyparent", "sample"));
			askAll(application, "/actuator/sample?names=a&names=b%2Cc", (answer) -> {
				assertThat(json(answer).at("/pid").asLong()).isEqualTo(parent);
				assertThat(json(answer).at("/names")).extracting(JsonNode::asString).containsExactly("a", "b,c");
			});
			askAll(application, "/actuator/sample/file", (answer) -> {
				assertThat(answer.body()).hasSize(10);
				assertThat(type(answer)).isEqualTo("application/octet-stream");
			});
			askAll(application, "/actuator/sample/file", 206, null, "Range", "bytes=2-4");
			askAll(application, "/actuator/sample/missing", 404, null);
			askAll(application, "/actuator/unknown", 404, null);
			askAll(application, "/actuator/ipc/unknown", 404, null);
			askAll(application, "/actuator/ipc/default/x", 400, null);
			askAll(application, "/actuator/sample", 204, "{\"text\":\"this\"}");
			askAll(application, "/actuator/sample",
					(answer) -> assertThat(json(answer).at("/text").asString()).isEqualTo("this " + parent));
			askAll(application, "/actuator/sample", 400, "{}");
			askAll(application, "/actuator/ipc/default", 405, "{\"action\":\"restart\"}");
			Files.createFile(this.directory.resolve("down"));
			for (String path : List.of("/actuator/health", "/actuator/health/liveness", "/livez")) {
				askAll(application, path, 503, null);
			}
		}
	}

	@Test
	void aWorkerActsOnThePools() throws Exception {
		try (RunningApplication application = start(Server.TOMCAT, "--ipc.server.parent-accepts=false",
				"--management.endpoint.ipc.access=unrestricted")) {
			HttpResponse<String> refused = application.exchange("/actuator/ipc/default", "application/json",
					"{\"action\":\"dance\"}");
			assertThat(refused.statusCode()).isEqualTo(400);
			assertThat(process(refused)).isNotEqualTo(application.facts().parent().pid());
			long victim = json(application.exchange("/actuator/ipc/default/0", null, null)).at("/pid").asLong();
			application.expectExits(1);
			HttpResponse<String> recycled = application.exchange("/actuator/ipc/default/0", "application/json",
					"{\"action\":\"recycle\"}");
			assertThat(recycled.statusCode()).as(recycled.body()).isIn(200, 202);
			application.await("another worker",
					() -> assertThat(
							json(application.exchange("/actuator/ipc/default/0", null, null)).at("/pid").asLong())
						.isNotIn(0L, victim));
			application.await("the end of the worker", () -> assertThat(application.facts().exits()).isEqualTo(1));
			// no message has room for it
			HttpResponse<String> large = application.exchange("/actuator/sample/file?length=12000000", null, null);
			assertThat(large.statusCode()).isEqualTo(500);
			assertThat(large.body()).contains("management.server.port");
		}
	}

	@Test
	void aWorkerWhoseParentIsSilentSaysSo() throws Exception {
		try (RunningApplication application = start(Server.TOMCAT, "--ipc.server.parent-accepts=false")) {
			long parent = application.facts().parent().pid();
			String health = application.uri("/actuator/health").toString();
			assertThat(application.exchange(health, null, null).statusCode()).isEqualTo(200);
			signal("STOP", parent);
			try {
				HttpResponse<String> answer = application.exchange(health, null, null);
				assertThat(answer.statusCode()).isEqualTo(503);
				assertThat(answer.body()).contains("does not answer");
				assertThat(process(answer)).isNotEqualTo(parent);
			}
			finally {
				signal("CONT", parent);
			}
			application.await("an answer",
					() -> assertThat(application.exchange(health, null, null).statusCode()).isEqualTo(200));
		}
	}

	private static void signal(String name, long pid) throws Exception {
		assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor()).isZero();
	}

	@Test
	void probesOnTheSharedPortAreThoseOfTheParentIfTheManagementPortIsAnotherOne() throws Exception {
		try (RunningApplication application = start(Server.TOMCAT, "--management.server.port=0",
				"--management.endpoint.health.group.liveness.include=livenessState,process")
			.withOtherPorts(1)) {
			long parent = application.facts().parent().pid();
			askAll(application, "/livez",
					(answer) -> assertThat(json(answer).at("/components/process/details/pid").asLong())
						.isEqualTo(parent));
			askAll(application, "/actuator/health", 404, null);
		}
	}

	@Test
	void eachProcessAnswersForItselfIfToldTo() throws Exception {
		try (RunningApplication application = start(Server.TOMCAT, "--ipc.server.management=worker")) {
			askAll(application, "/actuator/info",
					(answer) -> assertThat(json(answer).at("/process/pid").asLong()).isEqualTo(process(answer)));
		}
	}

	private RunningApplication start(Server server, String... arguments) throws Exception {
		return start(ActuatorApplication.class, Mode.SHARED,
				Stream.of(server.arguments().stream(), Stream.of("--ipc.server.response-header=X-Process",
						"--management.endpoints.web.exposure.include=health,info,prometheus,ipc,sample,onlyparent",
						"--management.endpoint.health.show-details=always", "--management.info.process.enabled=true",
						"--management.endpoint.health.probes.add-additional-paths=true"), Stream.of(arguments))
					.flatMap((each) -> each)
					.toArray(String[]::new));
	}

	/** Ask until each process has answered. */
	private void askAll(RunningApplication application, String path, Consumer<HttpResponse<String>> check) {
		askAll(application, path, null, check);
	}

	private void askAll(RunningApplication application, String path, int status, @Nullable String body,
			String... headers) {
		askAll(application, path, body, (answer) -> assertThat(answer.statusCode()).isEqualTo(status), headers);
	}

	private void askAll(RunningApplication application, String path, @Nullable String body,
			Consumer<HttpResponse<String>> check, String... headers) {
		application.untilEachProcessAnswered(() -> {
			HttpResponse<String> answer = application.exchange(path, "application/json", body, headers);
			assertThat(answer).as(() -> path + ": " + answer + " " + answer.body()).satisfies(check);
			return process(answer);
		});
	}

	/** Return the process id of the process that got the request. */
	private static long process(HttpResponse<String> answer) {
		String name = answer.headers().firstValue("X-Process").orElseThrow();
		return Long.parseLong(name.substring(name.indexOf(' ') + 1));
	}

	private static String type(HttpResponse<String> answer) {
		return answer.headers().firstValue("Content-Type").orElse("");
	}

	private static String start(HttpResponse<String> answer) {
		assertThat(type(answer)).startsWith("text/plain;version=0.0.4");
		Matcher matcher = START.matcher(answer.body());
		assertThat(matcher.find()).as(answer.body()).isTrue();
		return matcher.group();
	}

	private static JsonNode json(HttpResponse<String> answer) {
		return JsonMapper.shared().readTree(answer.body());
	}

	/**
	 * The web servers, all of which are on the class path.
	 */
	enum Server {

		TOMCAT("servlet", "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration,"
				+ "org.springframework.boot.jetty.autoconfigure.actuate.web.server.JettyServletManagementContextAutoConfiguration"),

		JETTY("servlet",
				"org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration"),

		NETTY("reactive",
				"org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
						+ "org.springframework.boot.jetty.autoconfigure.reactive.JettyReactiveWebServerAutoConfiguration");

		private final String type;

		private final String excluded;

		Server(String type, String excluded) {
			this.type = type;
			this.excluded = excluded;
		}

		List<String> arguments() {
			return List.of("--spring.main.web-application-type=" + this.type,
					"--spring.autoconfigure.exclude=" + this.excluded);
		}

	}

}
