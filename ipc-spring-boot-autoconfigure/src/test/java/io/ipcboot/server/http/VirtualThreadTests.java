package io.ipcboot.server.http;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Workers serve on virtual threads if the application does. Not tagged as the other tests
 * of HTTP, since it is about newer JVMs.
 */
@Tag("process")
@EnabledForJreRange(min = JRE.JAVA_21)
@Timeout(300)
class VirtualThreadTests {

	/** Netty has event loops. */
	@ParameterizedTest
	@EnumSource(value = ServerKind.class, mode = Mode.EXCLUDE, names = "NETTY")
	void workersServeOnVirtualThreads(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--spring.threads.virtual.enabled=true",
				"--ipc.server.parent-accepts=false", "--ipc.pools.default.size=1")) {
			server.awaitWorkers(1);
			assertThat(server.get("/facts")).contains("VirtualThread[")
				.contains("\"pid\":" + server.workerPids().get(0))
				.contains("\"role\":\"WORKER\"");
			long before = server.slotPid(0);
			server.replace(0);
			assertThat(server.get("/facts")).contains("VirtualThread[").doesNotContain("\"pid\":" + before);
		}
	}

}
