package io.ipcboot.docs.guide.forking;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.docs.guide.GuideTest;
import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.Signal;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The statements and samples of the page "Forking".
 */
@GuideTest
class ForkingTests {

	@Autowired
	private ChildProcessTemplate template;

	@Autowired
	private WorkerWatch watch;

	@Test
	void theSameApplicationInAnotherRole() {
		// tag::same[]
		ChildProcess child = this.template.fork(ForkOptions.sameApplication()
			.profiles("reports") // <1>
			.property("reports.password", "s3cret") // <2>
			.environment("TZ", "Europe/Berlin")
			.maxHeap(DataSize.ofMegabytes(128))
			.concurrency(4));
		// end::same[]
		assertThat(child.call("property", "reports.password", String.class)).isEqualTo("s3cret");
		assertThat(child.call("property", "spring.main.banner-mode", String.class)).isEqualTo("off");
		ProcessExit exit = child.disconnect().join();
		assertThat(exit.code()).isZero();
		Awaitility.await()
			.atMost(30, TimeUnit.SECONDS)
			.untilAsserted(() -> assertThat(this.watch.exits)
				.contains("process (pid " + child.pid() + ") exited with code 0"));
	}

	@Test
	void aBeanChangesTheOptionsOfAPool() {
		assertThat(this.template.to("reports").call("property", "report.encoding", String.class))
			.isEqualTo(System.getProperty("native.encoding"));
		assertThat(this.template.call("property", "report.encoding", String.class)).isNull();
	}

	@Test
	void anotherMainClass() {
		// tag::main[]
		ForkOptions options = ForkOptions.mainClass(Calculator.class);
		try (ChildProcess calculator = this.template.fork(options)) {
			int sum = calculator.call("sum", List.of(1, 2, 3), Integer.class);
			// end::main[]
			assertThat(sum).isEqualTo(6);
			CompletableFuture<String> answer = new CompletableFuture<>();
			calculator.onMessage(String.class, answer::complete);
			calculator.send("parent");
			assertThat(answer).succeedsWithin(Duration.ofSeconds(30)).isEqualTo("hello, parent");
			// tag::main[]
		}
		// end::main[]
	}

	@Test
	void anyProgram() throws IOException {
		// tag::program[]
		List<String> lines = new CopyOnWriteArrayList<>();
		ChildProcess sort = this.template.fork(ForkOptions.program("sort", "-r")
			.environment("LC_ALL", "C")
			.timeout(Duration.ofSeconds(20)) // <1>
			.output((line) -> lines.add(line.text()))); // <2>
		try (OutputStream input = sort.standardInput()) {
			input.write("a\nc\nb\n".getBytes(StandardCharsets.UTF_8));
		}
		ProcessExit exit = sort.onExit().join(); // <3>
		// end::program[]
		assertThat(exit.code()).isZero();
		assertThat(lines).containsExactly("c", "b", "a");
	}

	@Test
	void aSignalEndsIt() {
		try (ChildProcess child = this.template.fork(ForkOptions.program("sleep", "3600"))) {
			// tag::kill[]
			child.kill("SIGKILL");
			ProcessExit exit = child.onExit().join();
			assertThat(exit.signal()).isEqualTo(Signal.KILL);
			assertThat(exit.code()).isEqualTo(128 + 9);
			// end::kill[]
			assertThat(child.kill()).isFalse();
		}
	}

	@Test
	void aTimeoutEndsIt() {
		ChildProcess child = this.template.fork(ForkOptions.program("sleep", "3600")
			.timeout(Duration.ofMillis(200))
			.killSignal("SIGKILL")
			.output(ProcessOutput.DISCARD));
		assertThat(child.onExit().join().describe()).isEqualTo("was ended by SIGKILL");
	}

	@Test
	void whyItDidNotStartIsInTheException() {
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.template.fork(ForkOptions.sameApplication().arguments("--ipc.max-frame-size=none")))
			.withMessageContaining("ipc.max-frame-size");
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.template.fork(ForkOptions.program("/no/such/program")))
			.withMessageContaining("/no/such/program");
	}

	@Test
	void theEnvironmentIsTheParentsWithChanges() {
		List<String> lines = new CopyOnWriteArrayList<>();
		ChildProcess env = this.template.fork(ForkOptions.program("env")
			.environment("GREETING", "hello")
			.environment("PATH", null)
			.output((line) -> lines.add(line.text())));
		env.onExit().join();
		Map<String, String> own = System.getenv();
		assertThat(lines).contains("GREETING=hello")
			.noneMatch((line) -> line.startsWith("PATH=") || line.startsWith("IPC_CHANNEL"))
			.anyMatch((line) -> own.entrySet().stream().anyMatch((entry) -> line.equals(entry.toString())));
	}

}
