package io.ipcboot.compatibility.hateoas;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

class HateoasApplicationTests extends ApplicationTests {

	@ParameterizedTest
	@EnumSource(names = { "POOL", "SHARED" })
	void linksNameTheOnePort(Mode mode) throws Exception {
		try (RunningApplication application = start(HateoasApplication.class, mode)) {
			String self = application.uri("/orders/7").toString();
			application.untilEachProcessAnswered(() -> {
				JsonNode order = JsonMapper.shared().readTree(application.get("/orders/7"));
				assertThat(order.path("_links").path("self").path("href").asString()).isEqualTo(self);
				return order.path("servedBy").asLong();
			});
		}
	}

}
