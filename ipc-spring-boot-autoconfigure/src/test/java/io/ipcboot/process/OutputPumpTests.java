package io.ipcboot.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutputPump}.
 */
class OutputPumpTests {

	@TempDir
	private Path directory;

	private final List<String> passedOn = new CopyOnWriteArrayList<>();

	private final OutputPump pump = new OutputPump((line) -> this.passedOn.add(line.text()));

	@Test
	void lastLinesAreKeptForAWhileIfTheyAreToBe() throws IOException {
		print("before");
		this.pump.keepLastLines(Duration.ofHours(1));
		print("threads");
		assertThat(this.pump.lastLines()).containsExactly("before");
		this.pump.keepLastLines(Duration.ZERO);
		print("after");
		assertThat(this.pump.lastLines()).containsExactly("before", "after");
		assertThat(this.passedOn).containsExactly("before", "threads", "after");
	}

	@Test
	void onlyTheLastLinesAreKept() throws IOException {
		for (int i = 0; i < 60; i++) {
			print("line " + i);
		}
		assertThat(this.pump.lastLines()).hasSize(50).startsWith("line 10").endsWith("line 59");
	}

	private void print(String line) throws IOException {
		Path file = Files.writeString(this.directory.resolve("output"), line + "\n");
		this.pump.drainOutput(new FileInputStream(file.toFile()), 1);
		this.pump.finish();
	}

}
