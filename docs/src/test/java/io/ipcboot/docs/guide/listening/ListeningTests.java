package io.ipcboot.docs.guide.listening;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.IpcListener;
import io.ipcboot.docs.guide.GuideTest;
import io.ipcboot.messaging.DuplicateListenerException;
import io.ipcboot.messaging.RemoteHandlerException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The statements and samples of the page "Listening".
 */
@GuideTest
class ListeningTests {

	private static final ParameterizedTypeReference<Map<String, Object>> FACTS = new ParameterizedTypeReference<>() {
	};

	private static final ParameterizedTypeReference<List<String>> TEXTS = new ParameterizedTypeReference<>() {
	};

	@Autowired
	private ChildProcessTemplate workers;

	@Autowired
	private ImportProgress progress;

	@Test
	void argumentsAreResolved() {
		assertThat(this.workers.call("book", new Booking("Ada", 2), String.class)).isEqualTo("Ada via desk");
		assertThat(this.workers.destination("book")
			.message(new Booking("Ada", 2))
			.header("channel", "web")
			.call(String.class)).isEqualTo("Ada via web");
		assertThat(this.workers.call("describe", "hello", FACTS))
			.isEqualTo(Map.of("payload", "hello", "destination", "describe", "call", true));
		this.workers.emit("checked-in", "Ada", 7);
		assertThat(this.workers.call("guests", null, TEXTS)).contains("Ada in 7");
	}

	@Test
	void anInvalidPayloadIsRefused() {
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.workers.call("book", new Booking("", 0), String.class))
			.satisfies((ex) -> assertThat(ex.getRemoteMessage()).contains("guest", "nights"));
	}

	@Test
	void aParameterOfAnotherTypeIsResolved() {
		assertThat(this.workers.call("check-out", "Ada", String.class)).isEqualTo("Ada at reception");
		assertThat(this.workers.destination("check-out").message("Ada").header("desk", "bar").call(String.class))
			.isEqualTo("Ada at bar");
	}

	@Test
	void anExceptionIsHandledOrTranslated() {
		assertThat(this.workers.call("room", "Ada", Integer.class)).isEqualTo(7);
		assertThat(this.workers.call("room", "Grace", Integer.class)).isEqualTo(-1);
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.workers.call("key", 7, String.class))
			.satisfies((ex) -> assertThat(ex.getRemoteMessage()).isEqualTo("A file cannot be read"));
	}

	@Test
	void aFutureIsAReplyToo() {
		assertThat(this.workers.call("invoice", "Ada", String.class)).isEqualTo("invoice for Ada");
	}

	@Test
	void aListenerMayTakeSeveralCallsAtATime() {
		CompletableFuture<Boolean> one = this.workers.callAsync("meet", null, Boolean.class);
		CompletableFuture<Boolean> two = this.workers.callAsync("meet", null, Boolean.class);
		assertThat(one.join() && two.join()).isTrue();
		assertThat(this.workers.call("rate", "Ada", Integer.class)).isEqualTo(3);
	}

	@Test
	void aWorkerReachesWhatItsParentOffers() {
		assertThat(this.workers.call("import", List.of("Ada", "Grace"), Integer.class)).isEqualTo(2);
		assertThat(this.progress.seen).hasSize(2).first().asString().startsWith("1/2 by ");
		assertThat(this.workers.call("parent-version", null, String.class)).isEqualTo("1.0");
	}

	@Test
	void aWorkerDoesNotReachAnythingElse() {
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.workers.call("parent-secret", null, String.class))
			.satisfies((ex) -> assertThat(ex.getRemoteType()).endsWith("NoListenerException"));
	}

	@Test
	@EnabledForJreRange(minVersion = 21)
	void severalCallsRunOnVirtualThreads() {
		ForkOptions options = ForkOptions.sameApplication()
			.property("spring.threads.virtual.enabled", "true")
			.concurrency(4);
		try (ChildProcess child = this.workers.fork(options)) {
			assertThat(child.call("thread", null, String.class)).startsWith("VirtualThread");
		}
	}

	// tag::object[]
	static class Conversation {

		final List<String> lines = new CopyOnWriteArrayList<>();

		@IpcListener("line")
		void line(String text) {
			this.lines.add(text);
		}

	}
	// end::object[]

	@Test
	void listenersAreAddedInCode() {
		List<Object> steps = new CopyOnWriteArrayList<>();
		try (ChildProcess child = this.workers.start(ForkOptions.sameApplication())) {
			// tag::code[]
			child.listen("progress", List.class, (values) -> steps.add(values.get(0))); // <1>
			child.answer("imported", Integer.class, (all) -> all * 10); // <2>
			child.listen(new Conversation()); // <3>
			// end::code[]
			assertThat(child.call("import", List.of("Ada"), Integer.class)).isEqualTo(10);
			assertThat(steps).containsExactly(1);
			assertThatExceptionOfType(DuplicateListenerException.class)
				.isThrownBy(() -> child.listen(new Conversation()));
		}
	}

}
