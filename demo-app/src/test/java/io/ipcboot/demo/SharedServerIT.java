package io.ipcboot.demo;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Tag("process")
@Tag("long")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SharedServerIT {

	@Test
	void parentAndWorkersShareTheConnectionsAlsoWithReplacements(@TempDir Path directory) throws IOException {
		try (RunningDemo demo = RunningDemo.ofJar(directory)) {
			awaitAnswersOfEverybody(demo);
			long killed = demo.workerPids().get(0);
			demo.kill(killed);
			await().until(() -> !demo.workerPids().contains(killed));
			demo.awaitAllWorkers();
			awaitAnswersOfEverybody(demo);
		}
	}

	private static void awaitAnswersOfEverybody(RunningDemo demo) {
		Set<String> all = new HashSet<>();
		all.add("parent " + demo.process().pid());
		demo.workerPids().forEach((pid) -> all.add("worker " + pid));
		assertThat(all).hasSize(1 + RunningDemo.WORKERS);
		Set<String> answers = new HashSet<>();
		await("answers of " + all).atMost(60, TimeUnit.SECONDS).until(() -> {
			answers.add(ask(demo));
			return answers.containsAll(all);
		});
	}

	private static String ask(RunningDemo demo) throws IOException {
		try (Socket socket = demo.connectToShared()) {
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
		}
	}

}
