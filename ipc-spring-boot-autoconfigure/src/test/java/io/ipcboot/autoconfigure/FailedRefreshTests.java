package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.TestChild;
import io.ipcboot.process.ProcessOutput;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.core.env.Environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * A bean forks a process, and then the application cannot start.
 */
@ProcessTest
class FailedRefreshTests {

	private static @Nullable ChildProcess forked;

	@ParameterizedTest
	@ValueSource(strings = { "program bean", "worker bean", "program event", "worker event" })
	void nothingIsLeftOfWhatABeanHasForked(String what) {
		forked = null;
		assertThatThrownBy(() -> new SpringApplicationBuilder(Forking.class).run("--forks=" + what,
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off"))
			.hasStackTraceContaining("on purpose");
		ChildProcess process = forked;
		assertThat(process).isNotNull();
		assertThat(process.isAlive()).as("it is alive").isFalse();
		assertThat(process.onExit()).as("nothing is left of it").isCompleted();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Forking {

		@Bean
		Object forking(ChildProcessTemplate template, Environment environment) {
			ForkOptions options = environment.getRequiredProperty("forks").startsWith("program")
					? ForkOptions.program("sleep", "600") : StandaloneTemplate.child(TestChild.class);
			forked = template.fork(options.output(ProcessOutput.DISCARD));
			return "forked";
		}

		@Bean
		@DependsOn("forking")
		Object failing(Environment environment) {
			if (environment.getRequiredProperty("forks").endsWith("bean")) {
				throw new IllegalStateException("on purpose");
			}
			return "fails later";
		}

		@Bean
		ApplicationListener<ContextRefreshedEvent> refreshed() {
			return (event) -> {
				throw new IllegalStateException("on purpose");
			};
		}

	}

}
