package io.ipcboot.docs.reference;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.docs.guide.GuideTest;
import io.ipcboot.messaging.NoListenerException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Shows that the page "Wire format" is enough to write a worker in another language.
 */
@GuideTest
class PythonWorkerTests {

	@Autowired
	private ChildProcessTemplate template;

	@Test
	void aWorkerInAnotherLanguageAnswers() {
		Assumptions.assumeTrue(hasPython(), "needs python3 3.9 or later");
		String script = "src/test/resources/snippets/wire/worker.py";
		// tag::fork[]
		ForkOptions python = ForkOptions.program("python3", script).channel(true);
		try (ChildProcess child = this.template.fork(python)) {
			int sum = child.call("sum", List.of(1, 2, 3), Integer.class);
			// end::fork[]
			assertThat(sum).isEqualTo(6);
			assertThatExceptionOfType(NoListenerException.class)
				.isThrownBy(() -> child.call("multiply", List.of(1, 2, 3), Integer.class))
				.withMessageContaining("can only add");
			assertThat(child.send("anything")).succeedsWithin(Duration.ofSeconds(20));
			String text = "x".repeat(1_000_000);
			for (int i = 0; i < 5; i++) {
				child.send(text).join();
			}
			assertThat(child.disconnect().join().code()).isZero();
			// tag::fork[]
		}
		// end::fork[]
	}

	private static boolean hasPython() {
		try {
			Process python = new ProcessBuilder("python3", "-c", "import socket; socket.recv_fds").start();
			return python.waitFor() == 0;
		}
		catch (IOException | InterruptedException ex) {
			return false;
		}
	}

}
