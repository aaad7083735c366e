package io.ipcboot.demo;

import java.net.http.HttpResponse;
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

/**
 * With the profile "web", workers serve the demo's port.
 */
@Tag("process")
@Tag("http")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class WebIT {

	@TempDir
	private Path directory;

	@Test
	void workersServeThePort() throws Exception {
		try (RunningDemo demo = RunningDemo.start(this.directory, "-Dspring.profiles.active=web", "-jar",
				RunningDemo.JAR.toString())) {
			Set<Long> pids = new HashSet<>();
			await().atMost(1, TimeUnit.MINUTES).until(() -> {
				HttpResponse<byte[]> response = demo.postPhoto();
				assertThat(response.statusCode()).isEqualTo(200);
				pids.add(response.headers().firstValueAsLong("Worker-Pid").orElseThrow());
				demo.closeConnections();
				return pids.size() == 2;
			});
			assertThat(demo.workerPids()).containsAll(pids);
		}
	}

}
