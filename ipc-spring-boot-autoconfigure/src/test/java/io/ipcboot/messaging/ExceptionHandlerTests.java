package io.ipcboot.messaging;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.messaging.handler.annotation.support.MethodArgumentNotValidException;
import org.springframework.validation.beanvalidation.LocalValidatorFactoryBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that an exception of a listener, whenever it comes, is the matter of the
 * exception handlers of the same object.
 */
class ExceptionHandlerTests extends AbstractPeerTests {

	private final Methods methods = new Methods();

	private HandlerMethodListenerFactory factory() {
		LocalValidatorFactoryBean validator = new LocalValidatorFactoryBean();
		validator.afterPropertiesSet();
		return new HandlerMethodListenerFactory(new DefaultConversionService(), validator, null, List.of(Peer.class));
	}

	private void listen(Object bean, Class<?> type) {
		HandlerMethodListenerFactory factory = factory();
		for (Method method : type.getDeclaredMethods()) {
			if (!Modifier.isStatic(method.getModifiers())
					&& !method.isAnnotationPresent(MessageExceptionHandler.class)) {
				this.pair.right.listeners.add(method.getName(), factory.listener(bean, method, 0));
			}
		}
	}

	@Test
	void theHandlerThatIsTheClosestAnswers() {
		listen(this.methods, Methods.class);
		assertThat(call("io", "x")).isEqualTo("io: x");
		assertThat(call("notFound", "x")).isEqualTo("not found: x null");
		assertThat(call("wrapped", "x")).isEqualTo("io: x");
		assertThat(call("fine", "x")).isEqualTo("fine x");
	}

	@Test
	void aHandlerIsInheritedAndMayReturnNothing() {
		listen(this.methods, Methods.class);
		assertThat(call("unsupported", "x")).isNull();
		assertThat(this.methods.unsupported).isEqualTo("x");
	}

	@Test
	void anExceptionWithoutAHandlerIsTheOutcome() {
		listen(this.methods, Methods.class);
		RemoteHandlerException failure = failure("arithmetic", "x");
		assertThat(failure.getRemoteType()).isEqualTo(ArithmeticException.class.getName());
		assertThat(failure.getRemoteStackTrace()).contains("Methods.arithmetic");
		assertThat(failure("error", "x").getRemoteType()).isEqualTo(AssertionError.class.getName());
	}

	@Test
	void whatAHandlerThrowsReplacesTheException() {
		listen(this.methods, Methods.class);
		RemoteHandlerException failure = failure("secret", "x");
		assertThat(failure.getRemoteType()).isEqualTo(IllegalStateException.class.getName());
		assertThat(failure.getRemoteMessage()).isEqualTo("try again later");
		assertThat(failure.getRemoteStackTrace()).doesNotContain("the password");
	}

	@ParameterizedTest
	@ValueSource(strings = { "future", "completed", "mono", "later" })
	void anExceptionThatComesLaterIsHandledToo(String destination) {
		listen(this.methods, Methods.class);
		assertThat(call(destination, "x")).isEqualTo("io: x");
		assertThat(call(destination, "fine")).isEqualTo("fine");
	}

	@Test
	void anExceptionThatComesLaterAndHasNoHandlerIsTheOutcome() {
		listen(this.methods, Methods.class);
		assertThat(failure("futureArithmetic", "x").getRemoteType()).isEqualTo(ArithmeticException.class.getName());
	}

	@Test
	void aHandlerMayAnswerLater() {
		listen(new Later(), Later.class);
		assertThat(call("now", "x")).isEqualTo("later x");
		assertThat(call("future", "x")).isEqualTo("later x");
		assertThat(failure("twice", "x").getRemoteMessage()).isEqualTo("twice");
	}

	@Test
	void theFutureOfACancelledCallIsCancelledAndNotHandled() throws Exception {
		Cancelled bean = new Cancelled();
		listen(bean, Cancelled.class);
		for (String destination : List.of("never", "neverAnswered")) {
			CompletableFuture<Object> call = this.pair.left.callAsync(destination, "x", Object.class);
			CompletableFuture<String> future = bean.futures.take();
			call.cancel(true);
			assertThatExceptionOfType(CancellationException.class).isThrownBy(future::join);
		}
		assertThat(bean.handled).isEqualTo("neverAnswered");
	}

	@Test
	void whatIsWrongWithTheMessageIsHandled() {
		listen(this.methods, Methods.class);
		assertThat(call("person", new Person(" "))).isEqualTo("invalid: person");
		assertThat(call("number", "x")).isEqualTo("not converted: x");
		RemoteHandlerException failure = failure("header", "x");
		assertThat(failure.getRemoteMessage()).contains("Missing header 'tenant'");
	}

	@Test
	void aHandlerThatCannotBeCalledLeavesTheException() {
		listen(new Unmet(), Unmet.class);
		RemoteHandlerException failure = failure("fails", "x");
		assertThat(failure.getRemoteType()).isEqualTo(IOException.class.getName());
		assertThat(failure.getRemoteStackTrace()).contains("Suppressed: ").contains("Missing header 'tenant'");
	}

	@Test
	void aHandlerHasParametersAsAListenerHas() {
		this.pair.right.peer.presentAs(this.pair.right.peer);
		listen(new Arguments(), Arguments.class);
		assertThat(this.pair.left.sender
			.call(TestMessages.of("fails", new Person("Ada"), null, Map.of("tenant", "blue"), null, false, null),
					String.class)
			.body()).isEqualTo("Ada blue fails fails true");
	}

	@Test
	void theValuesOfAnEventAreThoseOfItsHandler() throws Exception {
		Event bean = new Event();
		listen(bean, Event.class);
		this.pair.left.emit("event", "Ada", 7, "surplus");
		assertThat(bean.handled.take()).isEqualTo("failed Ada 7");
	}

	@Test
	void listenerAndHandlerAreMethodsOfOneObject() throws Exception {
		Method method = Counter.class.getDeclaredMethod("count", String.class);
		this.pair.right.listeners.add("count", factory().listener(Counter.class, null, Counter::new, method, 0));
		assertThat(call("count", "x")).isEqualTo(1);
		assertThat(call("count", "x")).isEqualTo(1);
	}

	@ParameterizedTest
	@MethodSource
	void aMethodThatCannotHandleExceptions(Object bean, String problem) {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> listen(bean, Named.class))
			.withMessageContaining(problem)
			.satisfies((ex) -> assertThat(ex.getAction()).endsWith("."));
	}

	static Stream<Object[]> aMethodThatCannotHandleExceptions() {
		ProxyFactory proxy = new ProxyFactory(new Hidden());
		proxy.setInterfaces(Named.class);
		return Stream.of(new Object[] { new Ambiguous(), "has invalid exception handlers: Ambiguous" },
				new Object[] { new WithoutException(), "No exception types mapped to" },
				new Object[] { new WithHandle(), "cannot be an exception handler: it needs the handle" },
				new Object[] { new WithStream(), "cannot be an exception handler: nothing would run the " },
				new Object[] { proxy.getProxy(),
						"Hidden.handle(java.io.IOException) cannot be an exception handler, as its bean is a proxy" });
	}

	private @Nullable Object call(String destination, @Nullable Object payload) {
		return this.pair.left.call(destination, payload, Object.class);
	}

	private RemoteHandlerException failure(String destination, @Nullable Object payload) {
		return catchThrowableOfType(RemoteHandlerException.class, () -> call(destination, payload));
	}

	record Person(@NotBlank String name) {

	}

	static class Inherited {

		@Nullable String unsupported;

		@MessageExceptionHandler(UnsupportedOperationException.class)
		void handleUnsupported(String text) {
			this.unsupported = text;
		}

	}

	static class Methods extends Inherited {

		String fine(String text) {
			return "fine " + text;
		}

		String io(String text) throws IOException {
			throw new IOException(text);
		}

		String notFound(String text) throws IOException {
			throw new FileNotFoundException(text);
		}

		String wrapped(String text) {
			throw new UncheckedIOException(new IOException(text));
		}

		String unsupported(String text) {
			throw new UnsupportedOperationException(text);
		}

		int arithmetic(String text) {
			throw new ArithmeticException(text);
		}

		int error(String text) {
			throw new AssertionError(text);
		}

		String secret(String text) {
			throw new SecurityException("the password is " + text);
		}

		CompletableFuture<String> future(String text) {
			return CompletableFuture.supplyAsync(fails(text)).thenApply((value) -> value);
		}

		CompletableFuture<String> completed(String text) {
			return text.equals("fine") ? CompletableFuture.completedFuture(text)
					: CompletableFuture.failedFuture(new IOException(text));
		}

		Mono<String> mono(String text) {
			return text.equals("fine") ? Mono.just(text) : Mono.error(new IOException(text));
		}

		CompletableFuture<String> later(String text) {
			CompletableFuture<String> future = new CompletableFuture<>();
			CompletableFuture.runAsync(() -> future.completeAsync(fails(text)));
			return future;
		}

		CompletableFuture<String> futureArithmetic(String text) {
			return CompletableFuture.failedFuture(new ArithmeticException(text));
		}

		private static Supplier<String> fails(String text) {
			return () -> {
				if (text.equals("fine")) {
					return text;
				}
				throw new UncheckedIOException(new IOException(text));
			};
		}

		String person(@Valid @Payload Person person) {
			return person.name;
		}

		int number(int number) {
			return number;
		}

		String header(@Header String tenant) {
			return tenant;
		}

		@MessageExceptionHandler
		String handle(IOException ex) {
			return "io: " + ex.getMessage();
		}

		@MessageExceptionHandler
		String handle(FileNotFoundException ex, @Nullable ClassCastException other) {
			return "not found: " + ex.getMessage() + " " + other;
		}

		@MessageExceptionHandler
		void handle(SecurityException ex) {
			throw new IllegalStateException("try again later");
		}

		@MessageExceptionHandler(MethodArgumentNotValidException.class)
		String invalid(HandlerMethod listener) {
			return "invalid: " + listener.getMethod().getName();
		}

		@MessageExceptionHandler(PayloadConversionException.class)
		String notConverted(String text) {
			return "not converted: " + text;
		}

	}

	static class Later {

		String now(String text) throws IOException {
			throw new IOException(text);
		}

		CompletableFuture<String> future(String text) {
			return CompletableFuture.failedFuture(new IOException(text));
		}

		CompletableFuture<String> twice(String text) {
			return CompletableFuture.failedFuture(new ArithmeticException(text));
		}

		@MessageExceptionHandler
		CompletableFuture<String> handle(IOException ex) {
			return CompletableFuture.supplyAsync(() -> "later " + ex.getMessage());
		}

		@MessageExceptionHandler(ArithmeticException.class)
		CompletableFuture<String> handleTwice() {
			return CompletableFuture.failedFuture(new ArithmeticException("twice"));
		}

	}

	static class Cancelled {

		final BlockingQueue<CompletableFuture<String>> futures = new LinkedBlockingQueue<>();

		volatile @Nullable String handled;

		CompletableFuture<String> never(String text) {
			return note(new CompletableFuture<>());
		}

		CompletableFuture<String> neverAnswered(String text) {
			return CompletableFuture.failedFuture(new IOException(text));
		}

		@MessageExceptionHandler(Exception.class)
		CompletableFuture<String> handle(HandlerMethod listener) {
			this.handled = listener.getMethod().getName();
			return note(new CompletableFuture<>());
		}

		private CompletableFuture<String> note(CompletableFuture<String> future) {
			this.futures.add(future);
			return future;
		}

	}

	static class Unmet {

		String fails(String text) throws IOException {
			throw new IOException(text);
		}

		@MessageExceptionHandler
		String handle(IOException ex, @Header String tenant) {
			return tenant;
		}

	}

	static class Arguments {

		String fails(Person person) throws IOException {
			throw new IOException("fails");
		}

		@MessageExceptionHandler(Exception.class)
		String handle(Person person, @Header String tenant, Throwable failure, HandlerMethod listener, Peer sender,
				IpcMessage message) {
			return person.name + " " + tenant + " " + failure.getMessage() + " " + listener.getMethod().getName() + " "
					+ (message.sender() == sender);
		}

	}

	static class Event {

		final BlockingQueue<String> handled = new LinkedBlockingQueue<>();

		void event(String guest, long room) {
			throw new IllegalStateException("failed");
		}

		@MessageExceptionHandler
		void handle(IllegalStateException ex, String guest, int room) {
			this.handled.add(ex.getMessage() + " " + guest + " " + room);
		}

	}

	static class Counter {

		private int count;

		int count(String text) throws IOException {
			this.count++;
			throw new IOException(text);
		}

		@MessageExceptionHandler(IOException.class)
		int handle() {
			return this.count;
		}

	}

	interface Named {

		String name();

	}

	static class Ambiguous implements Named {

		@Override
		public String name() {
			return "";
		}

		@MessageExceptionHandler(IOException.class)
		void one() {
		}

		@MessageExceptionHandler(IOException.class)
		void two() {
		}

	}

	static class WithoutException implements Named {

		@Override
		public String name() {
			return "";
		}

		@MessageExceptionHandler
		void handle(String text) {
		}

	}

	static class WithHandle implements Named {

		@Override
		public String name() {
			return "";
		}

		@MessageExceptionHandler
		void handle(IOException ex, Socket connection) {
		}

	}

	static class WithStream implements Named {

		@Override
		public String name() {
			return "";
		}

		@MessageExceptionHandler
		Flux<String> handle(IOException ex) {
			return Flux.empty();
		}

	}

	static class Hidden implements Named {

		@Override
		public String name() {
			return "";
		}

		@MessageExceptionHandler
		void handle(IOException ex) {
		}

	}

}
