package io.ipcboot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Many forks in a row leave nothing behind.
 */
@ProcessTest
@Tag("long")
class RepeatedForkTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void descriptorsThreadsAndFilesDoNotGrow() throws IOException {
		forkAndEnd(2);
		Usage before = Usage.now();
		for (int round = 0; round < 2; round++) {
			forkAndEnd(8);
			Awaitility.await()
				.atMost(Duration.ofSeconds(10))
				.untilAsserted(
						() -> assertThat(Usage.now()).matches((now) -> now.isWithin(before), "is within " + before));
		}
	}

	private void forkAndEnd(int pairs) {
		for (int i = 0; i < pairs; i++) {
			ChildProcess left = start();
			ChildProcess killed = start();
			left.onReady().join().close();
			killed.onReady().join().kill("KILL");
			killed.onExit().join();
		}
	}

	private ChildProcess start() {
		return this.processes.template()
			.start(StandaloneTemplate.child(SmallChild.class).output(ProcessOutput.DISCARD));
	}

	private record Usage(long descriptors, long threads, long files) {

		/** Pooled threads of JDK and library that come and go. */
		private static final int SLACK = 4;

		static Usage now() throws IOException {
			return new Usage(count(Path.of("/proc/self/fd")), count(Path.of("/proc/self/task")),
					NothingLeftBehind.temporaryFiles().size());
		}

		boolean isWithin(Usage before) {
			return this.descriptors <= before.descriptors + SLACK && this.threads <= before.threads + SLACK
					&& this.files <= before.files;
		}

		private static long count(Path directory) throws IOException {
			try (Stream<Path> entries = Files.list(directory)) {
				return entries.count();
			}
		}

	}

}
