package io.ipcboot.autoconfigure;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.WorkerTestApplication.OnlyInWorkers;
import io.ipcboot.autoconfigure.WorkerTestApplication.Order;
import io.ipcboot.autoconfigure.WorkerTestApplication.ParentSide;
import io.ipcboot.messaging.RemoteHandlerException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * An application forks itself from a test run.
 */
@Tag("process")
@Timeout(180)
@ActiveProfiles("test")
@SpringBootTest(classes = WorkerTestApplication.class,
		properties = { "ipc.pools.default.size=1", "ipc.pools.others.size=0", "ipc.pools.default.profiles=special",
				"ipc.pools.default.properties.secret=confidential", "inlined=from-the-test",
				"spring.config.import=classpath:/imported-by-a-test.properties" })
class WorkerApplicationTests {

	private static final ParameterizedTypeReference<Map<String, Object>> FACTS = new ParameterizedTypeReference<>() {
	};

	@Autowired
	private ChildProcessTemplate template;

	@Autowired
	private ApplicationContext context;

	@Test
	void theWorkerIsTheSameApplicationInAnotherRole() {
		Map<String, Object> facts = this.template.call("facts", null, FACTS);
		assertThat(facts).containsEntry("role", "WORKER");
		assertThat(facts.get("self")).asString().startsWith("worker default/0 (pid ");
		assertThat(this.template.call("pid", null, Long.class)).isNotEqualTo(ProcessHandle.current().pid());
		assertThat(IpcRole.current()).isEqualTo(IpcRole.PARENT);
	}

	@Test
	void profilesOfTheParentTheWorkerAndThePoolAreActive() {
		assertThat(this.template.call("facts", null, FACTS)).containsEntry("profiles",
				List.of("test", "worker", "special"));
	}

	@Test
	void runnersAndScheduledMethodsRunInTheParentOnly() {
		assertThat(WorkerTestApplication.runs.get()).isPositive();
		assertThat(this.template.call("facts", null, FACTS)).containsEntry("runs", 0).containsEntry("schedules", 0);
	}

	@Test
	void propertiesOfThePoolAndOfTheTestReachTheWorker() {
		assertThat(this.template.call("property", "secret", String.class)).isEqualTo("confidential");
		assertThat(this.template.call("property", "inlined", String.class)).isEqualTo("from-the-test");
		assertThat(this.template.call("property", "imported", String.class)).isEqualTo("by-a-test");
		assertThat(this.template.call("property", "spring.main.web-application-type", String.class)).isEqualTo("none");
	}

	@Test
	void valuesTravelAsBootWritesJson() {
		Order reply = this.template.call("order", new Order("Jürgen", 1, LocalDate.of(2026, 12, 31)), Order.class);
		assertThat(reply).isEqualTo(new Order("Jürgen!", 2, LocalDate.of(2027, 1, 1)));
	}

	@Test
	void anInvalidPayloadIsRefused() {
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.template.call("order", new Order("x", -1, LocalDate.EPOCH), Order.class))
			.satisfies((ex) -> {
				assertThat(ex.getRemoteType()).endsWith("MethodArgumentNotValidException");
				assertThat(ex.getRemoteMessage()).contains("amount");
			});
	}

	@Test
	void aWorkerCannotFork() {
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.template.call("fork", null, Void.class))
			.satisfies((ex) -> assertThat(ex.getRemoteType()).endsWith("ForkInWorkerException"));
	}

	/** It need not have the parent's configuration, as in this test. */
	@Test
	void aWorkerUsesThePoolsOfItsParent() {
		assertThat(this.template.call("pools", null, String[].class)).containsExactlyInAnyOrder("default", "others");
		long pid = this.template.call("pid", null, Long.class);
		assertThat(this.template.call("pid-of-pool", null, Long.class)).isEqualTo(pid);
	}

	@Test
	void aWorkerTalksToItsParentInOrder() {
		ParentSide parent = this.context.getBean(ParentSide.class);
		parent.progress.clear();
		assertThat(this.template.call("progress-in-parent", 3, Integer.class)).isEqualTo(3);
		long pid = this.template.call("pid", null, Long.class);
		assertThat(parent.progress).containsExactly("1/3 from " + pid, "2/3 from " + pid, "3/3 from " + pid);
	}

	@Test
	void aWorkerCannotCallWhatTheParentDoesNotOffer() {
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.template.call("call-parent", "pid", String.class))
			.withMessageContaining("NoListenerException")
			.withMessageContaining("IpcRole.PARENT");
	}

	@Test
	void aWorkerCanCallWhatTheParentOffersItsPool() {
		assertThat(this.template.call("call-parent", "for-this-pool", String.class)).isEqualTo("welcome");
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.template.call("call-parent", "for-others", String.class))
			.withMessageContaining("NoListenerException")
			.withMessageContaining("forOthers")
			.withMessageContaining("does not listen to 'for-others' from worker default/0");
	}

	@Test
	void aBeanIsCreatedWhenItsScopeSaysSo() {
		int first = this.template.call("visitor", null, Integer.class);
		assertThat(this.template.call("visitor", null, Integer.class)).isEqualTo(first + 1);
		assertThat(this.template.call("facts", null, FACTS)).containsEntry("archives", 0);
		assertThat(this.template.call("archives", null, Integer.class)).isEqualTo(1);
		assertThat(this.template.call("archives", null, Integer.class)).isEqualTo(1);
	}

	@Test
	void theSenderOfAMessageLearnsThatTheListenerNeedsAHandle() {
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> this.template.destination("read").message("no handle").send().join())
			.withCauseInstanceOf(RemoteHandlerException.class)
			.withMessageContaining("default/0")
			.withMessageContaining("the message came without a handle, but parameter 0 of")
			.withMessageContaining("WorkerSide.read(");
		// by way of the parent
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.template.call("send-to-pool", "read", Void.class))
			.withMessageContaining("the message came without a handle, but parameter 0 of");
	}

	@Test
	void beansExistInTheirRoleOnly() {
		assertThat(this.context.getBeanProvider(OnlyInWorkers.class).getIfAvailable()).isNull();
		assertThat(this.template.call("only-in-workers", null, String.class)).isEqualTo("here");
	}

}
