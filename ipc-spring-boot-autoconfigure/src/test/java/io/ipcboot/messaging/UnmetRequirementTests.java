package io.ipcboot.messaging;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.ipcboot.channel.OpenDescriptors;
import io.ipcboot.handle.IpcPipe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests that the sender of a one-way message learns that its listener cannot be called.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnmetRequirementTests extends AbstractPeerTests {

	private final Methods methods = new Methods();

	@BeforeEach
	void listen() {
		HandlerMethodListenerFactory factory = new HandlerMethodListenerFactory(new DefaultConversionService(), null,
				null, List.of());
		for (Method method : Methods.class.getDeclaredMethods()) {
			if (!method.isSynthetic()) {
				for (int concurrency = 1; concurrency <= 2; concurrency++) {
					this.pair.right.listeners.add(method.getName() + concurrency,
							factory.listener(this.methods, method, concurrency));
				}
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aMessageWithoutTheHandle(int concurrency, CapturedOutput output) {
		assertThat(failure("handle" + concurrency, "x", Map.of(), null))
			.contains("the message came without a handle, but parameter 1 of")
			.contains("Methods.handle(");
		assertThat(output.getOut()).contains("A listener failed for")
			.contains("the message came without a handle, but parameter 1 of");
	}

	@Test
	void aMessageWithAHandleOfTheWrongKind() throws Exception {
		try (IpcPipe pipe = IpcPipe.open()) {
			assertThat(failure("socket1", null, Map.of(), pipe.sink()))
				.contains("A writable end of a pipe cannot become a java.net.Socket");
			assertThat(pipe.source().read()).isEqualTo(-1);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void aMessageWithoutARequiredHeader(int concurrency) {
		assertThat(failure("header" + concurrency, "x", Map.of("other", "y"), null))
			.contains("Missing header 'tenant'");
	}

	@Test
	void aMessageWithAHandleButWithoutARequiredHeader() throws Exception {
		OpenDescriptors before = OpenDescriptors.now();
		try (IpcPipe pipe = IpcPipe.open()) {
			assertThat(failure("both1", null, Map.of(), pipe.sink())).contains("Missing header 'tenant'");
			assertThat(pipe.source().read()).isEqualTo(-1);
		}
		before.awaitNoMore();
	}

	@Test
	void aMessageWithoutThePayload() {
		assertThat(failure("primitive1", null, Map.of(), null)).contains("there is no value for parameter 0 of");
		assertThat(failure("message1", null, Map.of(), null)).contains("the message has no payload");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void whatIsOptionalMayBeMissing(int concurrency) {
		send("optional" + concurrency, null, Map.of(), null).join();
		send("nullable" + concurrency, null, Map.of(), null).join();
		await().untilAsserted(() -> assertThat(this.methods.called).containsExactlyInAnyOrder("optional", "nullable"));
	}

	/** Also those whose starts are reported together with the failure. */
	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void theMessagesBeforeAndAfterItArrive(int concurrency) {
		List<CompletableFuture<Void>> outcomes = IntStream.range(0, 1000)
			.mapToObj((i) -> (i % 3 == 1) ? send("handle" + concurrency, "x", Map.of(), null)
					: send("number" + concurrency, i, Map.of(), null))
			.toList();
		for (int i = 0; i < outcomes.size(); i++) {
			CompletableFuture<Void> outcome = outcomes.get(i);
			if (i % 3 == 1) {
				assertThat(outcome).failsWithin(Duration.ofSeconds(30))
					.withThrowableThat()
					.havingCause()
					.isInstanceOf(RemoteHandlerException.class);
			}
			else {
				assertThat(outcome).succeedsWithin(Duration.ofSeconds(30));
			}
		}
		assertThat(this.pair.left.peer.statistics().lateReplies()).isZero();
	}

	@Test
	void nobodyIsSuspectedOfADeathByIt() {
		failure("handle1", "x", Map.of(), null);
		assertThat(this.pair.left.startedByOther).hasValue(0);
	}

	private CompletableFuture<Void> send(String destination, @Nullable Object payload, Map<String, String> headers,
			@Nullable Object handle) {
		return this.pair.left.sender.send(TestMessages.of(destination, payload, null, headers, handle, false, null));
	}

	private String failure(String destination, @Nullable Object payload, Map<String, String> headers,
			@Nullable Object handle) {
		CompletionException failure = catchThrowableOfType(CompletionException.class,
				() -> send(destination, payload, headers, handle).join());
		assertThat(failure).as(destination).isNotNull();
		assertThat(failure.getCause()).isInstanceOf(RemoteHandlerException.class);
		assertThat(this.methods.called).isEmpty();
		return String.valueOf(failure.getCause().getMessage());
	}

	static class Methods {

		private final List<String> called = new CopyOnWriteArrayList<>();

		void handle(String text, InputStream stream) {
			this.called.add("handle");
		}

		void socket(Socket socket) {
			this.called.add("socket");
		}

		void header(String text, @Header("tenant") String tenant) {
			this.called.add("header");
		}

		void both(OutputStream stream, @Header("tenant") String tenant) {
			this.called.add("both");
		}

		void primitive(int number) {
			this.called.add("primitive");
		}

		void message(Message<String> message) {
			this.called.add("message");
		}

		void optional(Optional<InputStream> stream, @Header("tenant") Optional<String> tenant, Message<?> message) {
			this.called.add("optional");
		}

		void nullable(@Nullable InputStream stream, @Header(name = "tenant", defaultValue = "x") String tenant,
				@Nullable Integer number) {
			this.called.add("nullable");
		}

		void number(int number) {
		}

	}

}
