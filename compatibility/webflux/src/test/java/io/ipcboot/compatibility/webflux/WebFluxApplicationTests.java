package io.ipcboot.compatibility.webflux;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

class WebFluxApplicationTests extends ApplicationTests {

	@ParameterizedTest
	@EnumSource(names = { "POOL", "SHARED" })
	void answersAndStreamsAreComplete(Mode mode) throws Exception {
		try (RunningApplication application = start(WebFluxApplication.class, mode)) {
			application.untilEachProcessAnswered(() -> {
				assertThat(application.get("/ticks").lines()).containsExactly("data:0", "", "data:1", "", "data:2", "");
				return Long.parseLong(application.get("/hello").substring("Hello ".length()));
			});
		}
	}

}
