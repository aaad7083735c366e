package io.ipcboot.autoconfigure;

import java.io.FileNotFoundException;

import io.ipcboot.IpcRole;
import io.ipcboot.ProcessTest;
import io.ipcboot.pool.WorkerStartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * S16: a bean of the worker fails, and the parent's own report of its failed start names
 * the cause of that.
 */
@ProcessTest
@ExtendWith(OutputCaptureExtension.class)
class WorkerBootFailureTests {

	@Test
	void s16TheRootCauseOfTheWorkerIsInTheReportOfTheParent(CapturedOutput output) {
		assertThatThrownBy(() -> new SpringApplicationBuilder(LicensedApplication.class).run(
				"--ipc.pools.default.size=2", "--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1",
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off"))
			.rootCause()
			.isInstanceOf(WorkerStartException.class)
			.hasMessageContaining("the license of 2031 is missing");
		String report = output.getAll().substring(output.getAll().lastIndexOf("APPLICATION FAILED TO START"));
		String description = report.substring(report.indexOf("Description:"), report.indexOf("Action:"));
		// before what the worker has printed, which has the stack trace too
		assertThat(description.strip().lines().skip(2).findFirst().orElseThrow())
			.contains("java.io.FileNotFoundException: the license of 2031 is missing");
		assertThat(report.substring(report.indexOf("Action:"))).contains("@ConditionalOnIpcRole(IpcRole.PARENT)");
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class LicensedApplication {

		public static void main(String[] args) {
			SpringApplication.run(LicensedApplication.class, args);
		}

		@Bean
		@ConditionalOnIpcRole(IpcRole.WORKER)
		Object license() {
			throw new IllegalStateException("cannot work", new FileNotFoundException("the license of 2031 is missing"));
		}

	}

}
