package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.TestChild;
import io.ipcboot.WorkerEvent;
import io.ipcboot.pool.WorkerState;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ProcessTest
@ExtendWith(OutputCaptureExtension.class)
class WorkerEventPublisherTests {

	@Test
	void aListenerThatFailsIsNamedWithItsEventAndTheNextEventIsPublished(CapturedOutput output) {
		List<WorkerState> published = new CopyOnWriteArrayList<>();
		WorkerEventPublisher publisher = new WorkerEventPublisher((event) -> {
			published.add(((WorkerEvent) event).getState());
			throw new IllegalStateException("the listener is broken");
		});
		try (StandaloneTemplate processes = new StandaloneTemplate()) {
			processes.fork(StandaloneTemplate.child(TestChild.class)).close();
			processes.events.forEach(publisher);
			Awaitility.await().until(() -> published.size() == 4);
		}
		publisher.destroy();
		assertThat(published).containsExactly(WorkerState.STARTING, WorkerState.READY, WorkerState.DRAINING,
				WorkerState.EXITED);
		Awaitility.await()
			.untilAsserted(() -> assertThat(output)
				.containsPattern("ERROR .*A listener of the event 'process \\(pid \\d+\\) is EXITED' failed")
				.doesNotContain("Exception in thread"));
		assertThat(output).containsPattern("process \\(pid \\d+\\) is EXITED after \\d+ ms: it exited with code 0");
	}

}
