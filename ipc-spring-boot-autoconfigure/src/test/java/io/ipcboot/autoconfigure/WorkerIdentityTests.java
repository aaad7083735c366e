package io.ipcboot.autoconfigure;

import java.util.Map;
import java.util.Set;

import io.ipcboot.channel.PeerId;
import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what tells a worker apart from the other processes of its application.
 */
class WorkerIdentityTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void aWorkerIsKnownByItsPoolAndSlot() {
		assertThat(identity(new PeerId("a", 3, 4711), Map.of()))
			.isEqualTo(Map.of("management.metrics.tags.ipc.pool", "a", "management.metrics.tags.ipc.slot", "3",
					"management.opentelemetry.resource-attributes.service.instance.id", "a/3"));
	}

	@Test
	void theInstanceOfTheApplicationComesFirst() {
		this.environment.setProperty(WorkerSettings.INSTANCE, "host-1");
		assertThat(identity(new PeerId("a", 3, 4711), Map.of())).containsEntry(WorkerSettings.INSTANCE, "host-1/a/3");
	}

	@Test
	void sparesOfAPoolAreDifferentInstances() {
		assertThat(identity(new PeerId("a", -1, 4711), Map.of())).containsEntry(WorkerSettings.SLOT_TAG, "spare")
			.containsEntry(WorkerSettings.INSTANCE, "a/spare-4711");
	}

	@Test
	void whatIsMeantForWorkersCounts() {
		assertThat(identity(new PeerId("a", 3, 4711), Map.of(WorkerSettings.SLOT_TAG, "mine")))
			.containsEntry(WorkerSettings.SLOT_TAG, "mine")
			.containsEntry(WorkerSettings.POOL_TAG, "a");
	}

	@Test
	void aProcessWithoutAPoolIsNoWorkerOfOne() {
		assertThat(identity(PeerId.process(4711), Map.of())).isEmpty();
	}

	private Map<String, String> identity(PeerId worker, Map<String, String> properties) {
		return WorkerSettings.identity(worker, this.environment,
				WorkerSources.of(this.environment, properties, Set.of()));
	}

}
