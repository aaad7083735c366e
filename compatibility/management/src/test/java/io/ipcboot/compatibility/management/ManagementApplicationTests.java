package io.ipcboot.compatibility.management;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.ProcessFacts;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class ManagementApplicationTests extends ApplicationTests {

	@ParameterizedTest
	@EnumSource(names = { "POOL", "SHARED" })
	void theParentOpensTheManagementPortOnce(Mode mode) throws Exception {
		try (RunningApplication application = start(ManagementApplication.class, mode, "--management.server.port=0",
				"--management.endpoint.health.show-details=always")
			.withOtherPorts(1)) {
			ProcessFacts parent = application.facts().parent();
			Integer management = parent.ports().stream().filter((port) -> !port.equals(parent.port())).findAny().get();
			assertThat(application.get("http://127.0.0.1:" + management + "/actuator/health"))
				.contains("\"status\":\"UP\"");
			assertThat(application.exchange("/actuator/health", null, null).statusCode()).isEqualTo(404);
			application
				.untilEachProcessAnswered(() -> Long.parseLong(application.get("/hello").substring("Hello ".length())));
		}
	}

}
