package io.ipcboot.messaging;

import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.reflect.Method;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.OpenDescriptors;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.IpcPipe;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Headers;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class ListenerMethodTests extends AbstractPeerTests {

	private final Methods methods = new Methods();

	private void listen(Object bean) {
		LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();
		validator.afterPropertiesSet();
		HandlerMethodListenerFactory factory = new HandlerMethodListenerFactory(new DefaultConversionService(),
				validator, null, List.of(Peer.class));
		for (Method method : bean.getClass().getMethods()) {
			if (method.getDeclaringClass() != Object.class && !method.isBridge()) {
				this.pair.right.listeners.add(method.getName(), factory.listener(bean, method, 0));
			}
		}
	}

	@Test
	void thePayloadIsTheParameter() {
		listen(this.methods);
		assertThat(call("plain", new Point(1, 2))).isEqualTo(3);
		assertThat(call("annotated", List.of(new Point(1, 2), new Point(3, 4)))).isEqualTo(10);
		assertThat(call("nothing", "ignored")).isNull();
		assertThat(call("bytes", new byte[] { 1, 2, 3 })).isEqualTo(3);
		assertThat(call("primitive", 41)).isEqualTo(42);
	}

	@Test
	void noPayloadIsNullOrEmpty() {
		listen(this.methods);
		assertThat(call("optional", null)).isEqualTo("empty");
		assertThat(call("optional", "x")).isEqualTo("x");
		assertThat(call("nullable", null)).isEqualTo("null");
		assertThat(call("nullable", "")).isEqualTo("");
		assertThat(failure("primitive", null).getRemoteMessage())
			.startsWith("there is no value for parameter 0 of public int " + Methods.class.getName());
	}

	@Test
	void aPayloadIsValidated() {
		listen(this.methods);
		assertThat(call("valid", new Person("Ada"))).isEqualTo("Ada");
		RemoteHandlerException failure = failure("valid", new Person(" "));
		assertThat(failure.getRemoteType()).endsWith("MethodArgumentNotValidException");
		assertThat(failure.getRemoteMessage()).contains("must not be blank");
	}

	@Test
	void headersAreParameters() {
		listen(this.methods);
		assertThat(call("header", "x", Map.of("tenant", "blue", "number", "7"))).isEqualTo("blue 7 red null");
		assertThat(call("header", "x", Map.of("tenant", "blue", "number", "7", "color", "green", "note", "n")))
			.isEqualTo("blue 7 green n");
		RemoteHandlerException failure = failure("header", "x");
		assertThat(failure.getRemoteMessage()).contains("Missing header 'tenant'");
		assertThat(call("headers", "x", Map.of("a", "b"))).isEqualTo("b headers true");
	}

	@Test
	void theMessageIsAParameter() {
		listen(this.methods);
		assertThat(call("message", new Point(1, 2), Map.of("a", "b"))).isEqualTo("3 b");
		assertThat(call("anyMessage", "text")).isEqualTo("text");
		assertThat(call("anyMessage", null)).isEqualTo("byte[]");
		assertThat(call("ipcMessage", "text")).isEqualTo("ipcMessage");
		assertThat(failure("message", null).getRemoteMessage()).contains("the message has no payload");
	}

	@Test
	void theSenderIsAParameter() {
		listen(this.methods);
		this.pair.right.peer.presentAs(this.pair.right.peer);
		assertThat(call("sender", "x")).isEqualTo(this.pair.right.peer.id().toString());
		this.pair.right.peer.presentAs("somebody else");
		assertThat(failure("sender", "x").getRemoteMessage())
			.isEqualTo("the sender is somebody else, which is not a Peer");
	}

	@Test
	void theValuesOfAnEventAreParametersByPosition() {
		listen(this.methods);
		this.pair.left.sender
			.send(TestMessages.of("event", null, Arrays.asList("a", new Point(1, 2), null, 4, "surplus"),
					Map.of("tenant", "blue"), null, false, null))
			.join();
		this.pair.left.emit("event", "short");
		assertThat(call("events", null))
			.isEqualTo(List.of("a Point[x=1, y=2] Optional.empty 4 null", "short null Optional.empty null null"));
		assertThat(call("seen", null)).isEqualTo("blue");
	}

	@Test
	void theTypesOfEventValuesAreFoundInASuperclass() {
		listen(new Concrete());
		this.pair.left.emit("pointEvent", new Point(1, 2), List.of(new Point(3, 4))).join();
		assertThat(call("last", null)).isEqualTo("Point Point");
		assertThat(call("pointCall", new Point(5, 6))).isEqualTo("Point");
	}

	@Test
	void theReturnValueIsTheReply() {
		listen(this.methods);
		assertThat(call("future", "x")).isEqualTo("later x");
		assertThat(call("returnsVoid", "x")).isNull();
		assertThat(call("returnsBoxedVoid", "x")).isNull();
		assertThat(this.methods.calls).isEqualTo(2);
	}

	@Test
	void aCheckedExceptionIsTheFailure() {
		listen(this.methods);
		assertThat(failure("fails", "x").getRemoteType()).isEqualTo("java.io.FileNotFoundException");
		assertThat(failure("fails", "x").getRemoteStackTrace()).contains("Methods.fails");
	}

	@Test
	void theHandleIsAParameterByItsType() throws Exception {
		listen(this.methods);
		OpenDescriptors before = OpenDescriptors.now();
		for (String destination : List.of("stream", "optionalStream")) {
			try (IpcPipe pipe = IpcPipe.open()) {
				pipe.sink().write("hello".getBytes());
				pipe.sink().close();
				assertThat(callWith(destination, "x", pipe.source())).isEqualTo("x hello");
			}
		}
		assertThat(call("optionalStream", "x")).isEqualTo("x nothing");
		assertThat(failure("stream", "x").getRemoteMessage())
			.startsWith("the message came without a handle, but parameter 1 of");
		before.awaitNoMore();
	}

	@Test
	void aHandleThatTheMethodDoesNotWantIsClosed() throws Exception {
		listen(this.methods);
		assertEnds("plain", new Point(1, 2));
		assertEnds("nothing", null);
	}

	@Test
	void aHandleOfTheWrongTypeIsAnErrorAndClosed() throws Exception {
		listen(this.methods);
		try (IpcPipe pipe = IpcPipe.open()) {
			RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class,
					() -> callWith("socket", null, pipe.sink()));
			assertThat(failure.getRemoteMessage())
				.startsWith("A writable end of a pipe cannot become a java.net.Socket");
			assertThat(pipe.source().read()).isEqualTo(-1);
		}
	}

	@Test
	void aHandleIsClosedIfAnotherArgumentCannotBeResolved() throws Exception {
		listen(this.methods);
		for (String destination : List.of("handleFirst", "rawHandleFirst")) {
			try (IpcPipe pipe = IpcPipe.open()) {
				RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class,
						() -> callWith(destination, new Person(""), pipe.sink()));
				assertThat(failure.getRemoteMessage()).contains("must not be blank");
				assertThat(pipe.source().read()).isEqualTo(-1);
			}
		}
	}

	@Test
	void onlyOneParameterCanTakeTheHandle() {
		assertThatIllegalArgumentException().isThrownBy(() -> listen(new TwoHandles()))
			.withMessageStartingWith("A message carries at most one handle, but 2 parameters of public void")
			.withMessageContaining("TwoHandles.two");
	}

	@Test
	void twoListenersOfOneDestinationAreAnErrorThatNamesBoth() {
		listen(this.methods);
		DuplicateListenerException failure = catchThrowableOfType(DuplicateListenerException.class,
				() -> listen(new Duplicate()));
		assertThat(failure).hasMessageContaining("Two listeners have the destination 'plain'")
			.hasMessageContaining("Methods#plain[1 args]")
			.hasMessageContaining("Duplicate#plain[0 args]");
		assertThat(failure.getDestination()).isEqualTo("plain");
		assertThat(failure.getFirst()).contains("Methods#plain");
		assertThat(failure.getSecond()).contains("Duplicate#plain");
	}

	private void assertEnds(String destination, @Nullable Object payload) throws Exception {
		try (IpcPipe pipe = IpcPipe.open()) {
			callWith(destination, payload, pipe.sink());
			assertThat(pipe.source().read()).isEqualTo(-1);
		}
	}

	private @Nullable Object call(String destination, @Nullable Object payload) {
		return this.pair.left.call(destination, payload, Object.class);
	}

	private @Nullable Object call(String destination, @Nullable Object payload, Map<String, String> headers) {
		return this.pair.left.sender
			.call(TestMessages.of(destination, payload, null, headers, null, false, null), Object.class)
			.body();
	}

	private @Nullable Object callWith(String destination, @Nullable Object payload, Object handle) {
		return this.pair.left.sender
			.call(TestMessages.of(destination, payload, null, Map.of(), handle, false, null), Object.class)
			.body();
	}

	private RemoteHandlerException failure(String destination, @Nullable Object payload) {
		return catchThrowableOfType(RemoteHandlerException.class, () -> call(destination, payload));
	}

	public record Point(int x, int y) {

	}

	public record Person(@NotBlank String name) {

	}

	public static class Methods {

		private final List<String> events = new ArrayList<>();

		private String tenant = "";

		int calls;

		public int plain(Point point) {
			return point.x + point.y;
		}

		public int annotated(@Payload List<Point> points) {
			return points.stream().mapToInt((point) -> point.x + point.y).sum();
		}

		public void nothing() {
		}

		public int bytes(byte[] bytes) {
			return bytes.length;
		}

		public int primitive(int value) {
			return value + 1;
		}

		public String optional(Optional<String> text) {
			return text.orElse("empty");
		}

		public String nullable(@Nullable String text) {
			return String.valueOf(text);
		}

		public String valid(@Payload @Valid Person person) {
			return person.name;
		}

		public String header(@Header("tenant") String tenant, @Header int number,
				@Header(name = "color", defaultValue = "red") String color,
				@Header(name = "note", required = false) @Nullable String note) {
			return tenant + " " + number + " " + color + " " + note;
		}

		public String headers(String payload, @Headers Map<String, Object> headers) {
			return headers.get("a") + " " + headers.get(IpcMessage.DESTINATION) + " "
					+ headers.get(IpcMessage.REPLY_EXPECTED);
		}

		public String message(Message<Point> message) {
			return message.getPayload().x + message.getPayload().y + " " + message.getHeaders().get("a");
		}

		public String anyMessage(Message<?> message) {
			return (message.getPayload() instanceof byte[]) ? "byte[]" : (String) message.getPayload();
		}

		public String ipcMessage(IpcMessage message) {
			return String.valueOf(message.getHeaders().get(IpcMessage.DESTINATION));
		}

		public String sender(Peer sender, String payload) {
			return sender.id().toString();
		}

		public void event(@Nullable String first, @Header(name = "tenant", required = false) @Nullable String header,
				@Nullable Point second, Optional<Point> third, @Nullable Integer fourth, @Nullable Object fifth) {
			if (header != null) {
				this.tenant = header;
			}
			this.events.add(
					first + " " + second + " " + third + " " + fourth + " " + ("surplus".equals(fifth) ? null : fifth));
		}

		public List<String> events() {
			return this.events;
		}

		public String seen() {
			return this.tenant;
		}

		public CompletableFuture<String> future(String text) {
			return CompletableFuture.supplyAsync(() -> "later " + text);
		}

		public void returnsVoid(String text) {
			this.calls++;
		}

		public @Nullable Void returnsBoxedVoid(String text) {
			this.calls++;
			return null;
		}

		public void fails(String text) throws FileNotFoundException {
			throw new FileNotFoundException(text);
		}

		public String stream(String payload, InputStream stream) throws Exception {
			try (stream) {
				return payload + " " + new BufferedReader(new InputStreamReader(stream)).readLine();
			}
		}

		public String optionalStream(Optional<InputStream> stream, String payload) throws Exception {
			return payload + " " + (stream.isPresent() ? stream(payload, stream.get()).substring(2) : "nothing");
		}

		public void socket(Socket socket) {
		}

		public void handleFirst(OutputStream stream, @Valid Person person) {
		}

		public void rawHandleFirst(Handle handle, @Valid Person person) {
		}

	}

	public static class TwoHandles {

		public void two(InputStream input, Optional<Socket> socket) {
		}

	}

	public static class Duplicate {

		public void plain() {
		}

	}

	public abstract static class Generic<T> {

		private String last = "";

		public void pointEvent(T value, List<T> values) {
			this.last = value.getClass().getSimpleName() + " " + values.get(0).getClass().getSimpleName();
		}

		public String pointCall(T value) {
			return value.getClass().getSimpleName();
		}

		public String last() {
			return this.last;
		}

	}

	public static class Concrete extends Generic<Point> {

	}

}
