package io.ipcboot.autoconfigure;

import java.io.FileNotFoundException;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.ipcboot.IpcRole;
import io.ipcboot.ProcessTest;
import io.ipcboot.pool.WorkerStartException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;

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

	/**
	 * A thread of a bean would keep the JVM of the worker for as long as a worker may
	 * take to leave, which is an hour.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "bean", "late-ready" })
	void aFailedStartIsActedOnAtOnce(String what) {
		assertActedOnAtOnce(what);
	}

	@ParameterizedTest
	@ValueSource(strings = { "error", "refreshed", "ready", "runner" })
	@Tag("long")
	void aStartThatFailsInAnotherPlaceIsActedOnAtOnce(String what) {
		assertActedOnAtOnce(what);
	}

	private static void assertActedOnAtOnce(String what) {
		boolean runners = List.of("runner", "late-ready").contains(what);
		assertThatThrownBy(() -> new SpringApplicationBuilder(KeptApplication.class).run("--ipc.pools.default.size=1",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1", "--ipc.pools.default.drain-timeout=1h",
				"--ipc.ready-timeout=1h", "--ipc.pools.default.properties.failing=" + what,
				"--ipc.pools.default.properties.ipc.worker.runners=" + runners,
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off"))
			.rootCause()
			.isInstanceOf(WorkerStartException.class)
			.message()
			.satisfies((message) -> {
				if ("late-ready".equals(what)) {
					// no event tells why
					assertThat(message).contains("it ended before it was ready").contains("on purpose");
				}
				else {
					assertThat(message.lines().findFirst().orElseThrow()).contains("on purpose: " + what);
				}
			});
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class KeptApplication {

		private final String failing;

		KeptApplication(Environment environment) {
			this.failing = environment.getProperty("failing", "nothing");
			if (IpcRole.current() == IpcRole.WORKER) {
				new Thread(() -> LockSupport.parkUntil(Long.MAX_VALUE), "keeps-the-jvm").start();
			}
		}

		public static void main(String[] args) {
			SpringApplication.run(KeptApplication.class, args);
		}

		private void fail(String what) {
			if (this.failing.equals(what)) {
				throw new IllegalStateException("on purpose: " + what);
			}
		}

		@Bean
		Object bean() {
			fail("bean");
			if (this.failing.equals("error")) {
				throw new StackOverflowError("on purpose: error");
			}
			return this;
		}

		@EventListener
		void refreshed(ContextRefreshedEvent event) {
			fail("refreshed");
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			fail("ready");
			fail("late-ready");
		}

		@Bean
		CommandLineRunner runner() {
			return (arguments) -> fail("runner");
		}

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
