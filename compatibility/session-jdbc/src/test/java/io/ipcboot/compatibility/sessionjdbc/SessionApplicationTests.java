package io.ipcboot.compatibility.sessionjdbc;

import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SessionApplicationTests extends ApplicationTests {

	/** H2 opens a port for the other processes. */
	@Test
	void eachProcessKnowsTheSession() throws Exception {
		try (RunningApplication application = start(SessionApplication.class, Mode.SHARED,
				"--spring.session.jdbc.initialize-schema=always", ownDatabase())
			.withOtherPorts(1)) {
			AtomicInteger count = new AtomicInteger();
			application.untilEachProcessAnswered(() -> count(application, count.incrementAndGet()));
			application.replaceWorker();
			application.untilEachProcessAnswered(() -> count(application, count.incrementAndGet()));
			assertThat(application.lines("in-memory-session:")).isEmpty();
		}
	}

	private static long count(RunningApplication application, int expected) {
		String[] answer = application.get("/count").split(" ");
		assertThat(answer[1]).isEqualTo(Integer.toString(expected));
		return Long.parseLong(answer[0]);
	}

}
