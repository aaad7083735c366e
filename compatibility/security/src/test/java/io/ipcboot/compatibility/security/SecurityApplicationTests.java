package io.ipcboot.compatibility.security;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class SecurityApplicationTests extends ApplicationTests {

	private static final String FORM = "application/x-www-form-urlencoded";

	private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\"[^>]* value=\"([^\"]+)\"");

	private static final Pattern PASSWORD = Pattern.compile("Using generated security password: (\\S+)");

	@ParameterizedTest
	@EnumSource
	void aUserLogsInAndStaysSo(Mode mode) throws Exception {
		try (RunningApplication application = start(SecurityApplication.class, mode,
				"--ipc.server.scheduling=" + ((mode == Mode.SHARED) ? "sticky" : "shared"))) {
			assertThat(application.exchange("/me", null, null, "Accept", "text/html")
				.headers()
				.firstValue("Location")
				.orElseThrow()).endsWith("/login");
			HttpResponse<String> refused = application.exchange("/login", FORM,
					"username=user&password=" + password(application));
			assertThat(refused.statusCode()).as("without a token").isEqualTo(401);
			HttpResponse<String> login = application.exchange("/login", FORM,
					"username=user&password=" + password(application) + "&_csrf=" + token(application));
			assertThat(login.headers().firstValue("Location").orElseThrow()).doesNotContain("/login");
			String answer = application.get("/me?continue");
			assertThat(answer).startsWith("user ");
			long pid = Long.parseLong(answer.substring("user ".length()));
			assertThat(pid == application.facts().parent().pid()).isEqualTo(mode != Mode.SHARED);
			String csrf = token(application);
			assertThat(application.exchange("/notes", FORM, "text=milk&_csrf=" + csrf).body()).isEqualTo("kept");
			assertThat(application.get("/notes")).isEqualTo("milk");
			assertThat(application.lines("in-memory-session:")).isEmpty();
			assertThat(application.lines("Using generated security password")).hasSize(1);
		}
	}

	@Test
	void eachProcessKnowsThePasswordAndSessionsAreReported() throws Exception {
		try (RunningApplication application = start(SecurityApplication.class, Mode.SHARED)) {
			String credentials = Base64.getEncoder()
				.encodeToString(("user:" + password(application)).getBytes(StandardCharsets.UTF_8));
			application.untilEachProcessAnswered(() -> {
				application.forget();
				return Long.parseLong(
						application.get("/me", "Authorization", "Basic " + credentials).substring("user ".length()));
			});
			assertThat(application.lines("in-memory-session:")).hasSize(1);
			assertThat(application.lines("Using generated security password")).hasSize(1);
		}
	}

	@Test
	void theRolesOfAUserCountInEachProcess() throws Exception {
		try (RunningApplication application = start(SecurityApplication.class, Mode.SHARED,
				"--ipc.server.response-header=X-Process", "--spring.security.user.roles=OPERATOR",
				"--management.endpoint.health.show-components=when-authorized",
				"--management.endpoint.health.group.open.include=ping",
				"--management.endpoint.health.group.open.roles=OPERATOR",
				"--management.endpoint.health.group.closed.include=ping",
				"--management.endpoint.health.group.closed.roles=AUDITOR")) {
			String credentials = Base64.getEncoder()
				.encodeToString(("user:" + password(application)).getBytes(StandardCharsets.UTF_8));
			for (String group : List.of("open", "closed")) {
				application.untilEachProcessAnswered(() -> {
					application.forget();
					HttpResponse<String> answer = application.exchange("/actuator/health/" + group, null, null,
							"Authorization", "Basic " + credentials);
					assertThat(answer.body()).contains("UP");
					assertThat(answer.body().contains("ping")).as(group).isEqualTo(group.equals("open"));
					return process(answer);
				});
				application.untilEachProcessAnswered(() -> {
					application.forget();
					HttpResponse<String> answer = application.exchange("/actuator/health/" + group, null, null);
					assertThat(answer.body()).contains("UP").doesNotContain("ping");
					return process(answer);
				});
			}
			assertThat(application.exchange("/actuator/info", null, null).statusCode()).isNotEqualTo(200);
		}
	}

	/** Return the process id of the process that got the request. */
	private static long process(HttpResponse<String> answer) {
		String name = answer.headers().firstValue("X-Process").orElseThrow();
		return Long.parseLong(name.substring(name.indexOf(' ') + 1));
	}

	private static String password(RunningApplication application) {
		return find(PASSWORD, application.output());
	}

	private static String token(RunningApplication application) {
		return find(TOKEN, application.get("/login"));
	}

	private static String find(Pattern pattern, String text) {
		Matcher matcher = pattern.matcher(text);
		assertThat(matcher.find()).as(text).isTrue();
		return matcher.group(1);
	}

}
