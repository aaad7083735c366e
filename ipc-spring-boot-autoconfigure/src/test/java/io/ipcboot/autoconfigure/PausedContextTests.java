package io.ipcboot.autoconfigure;

import java.util.List;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ProcessTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The cache of Spring's test framework pauses a context that no test uses, and restarts
 * it for the next one.
 */
@ProcessTest
class PausedContextTests {

	@Test
	@Tag("long")
	void aPausedContextHasNoWorkersUntilItIsUsedAgain() {
		try (ConfigurableApplicationContext first = run(); ConfigurableApplicationContext second = run()) {
			List<ProcessHandle> before = workers(first);
			assertThat(before).hasSize(1).allMatch(ProcessHandle::isAlive);
			first.pause();
			assertThat(before).noneMatch(ProcessHandle::isAlive);
			assertThat(workers(first)).isEmpty();
			assertThat(workers(second)).as("of the context in use").hasSize(1);
			first.restart();
			assertThat(workers(first)).hasSize(1).allMatch(ProcessHandle::isAlive);
		}
	}

	private static ConfigurableApplicationContext run() {
		return new SpringApplicationBuilder(WorkerTestApplication.class).run("--ipc.pools.default.size=1",
				"--ipc.pools.others.size=0", "--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1",
				"--spring.main.web-application-type=none", "--spring.main.banner-mode=off");
	}

	private static List<ProcessHandle> workers(ConfigurableApplicationContext context) {
		return context.getBean(ChildProcessTemplate.class)
			.workers("default")
			.stream()
			.map(ChildProcess::pid)
			.map((pid) -> ProcessHandle.of(pid).orElseThrow())
			.toList();
	}

}
