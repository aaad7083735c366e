package io.ipcboot.handle;

import java.io.IOException;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that send to another process.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
abstract class SendingTests {

	static WorkerJvm worker;

	@BeforeAll
	static void startWorker() throws IOException {
		worker = WorkerJvm.start(WorkerJvm.OPENED);
	}

	@AfterAll
	static void stopWorker() throws IOException {
		worker.close();
	}

	static String greeting() {
		return "worker " + worker.pid();
	}

	/**
	 * Show that the worker answers a client.
	 */
	static void assertServed(TestClient client) throws IOException {
		client.writeLine("hello");
		assertThat(worker.reply()).isEqualTo("hello");
		assertThat(client.readLine()).isEqualTo(greeting());
		assertThat(client.isAtEnd()).isTrue();
	}

}
