package io.ipcboot.messaging;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.MethodParameter;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that resolvers of the application come after those of the library, but before the
 * payload.
 */
class CustomArgumentTests extends AbstractPeerTests {

	private final Methods methods = new Methods();

	private final AtomicInteger asked = new AtomicInteger();

	private final HandlerMethodListenerFactory factory = new HandlerMethodListenerFactory(
			new DefaultConversionService(), null, null, List.of(), this::resolvers);

	private List<HandlerMethodArgumentResolver> resolvers() {
		this.asked.incrementAndGet();
		return List.of(new TenantResolver("first"), new TenantResolver("second"), new NumberResolver());
	}

	@BeforeEach
	void listen() {
		assertThat(this.asked).hasValue(0);
		for (Method method : Methods.class.getDeclaredMethods()) {
			if (!method.isSynthetic() && !method.isAnnotationPresent(MessageExceptionHandler.class)) {
				this.pair.right.listeners.add(method.getName(), this.factory.listener(this.methods, method, 0));
			}
		}
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void theFirstThatSupportsTheParameterResolvesIt() {
		assertThat(call("tenant", "hello")).isEqualTo("hello first blue");
	}

	@Test
	void theLibrarysOwnComeBefore() {
		assertThat(call("header", "7")).isEqualTo("blue");
	}

	@Test
	void aPrimitiveOfAResolverNeedsNoPayload() throws Exception {
		this.pair.left.send("number", null).join();
		assertThat(this.methods.seen.take()).isEqualTo("42");
	}

	@Test
	void theParametersOfResolversAreNoValuesOfAnEvent() throws Exception {
		this.pair.left.emit("event", "Ada", "Grace").join();
		assertThat(this.methods.seen.take()).isEqualTo("Ada 42 Grace");
	}

	@Test
	void anExceptionHandlerHasThemToo() {
		assertThat(call("fails", "hello")).isEqualTo("handled first blue");
	}

	private @Nullable Object call(String destination, Object payload) {
		return this.pair.left.sender
			.call(TestMessages.of(destination, payload, null, Map.of("tenant", "blue"), null, false, null),
					String.class)
			.body();
	}

	record Tenant(String name) {

	}

	private record TenantResolver(String prefix) implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == Tenant.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return new Tenant(this.prefix + " " + message.getHeaders().get("tenant"));
		}

	}

	private static final class NumberResolver implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			return parameter.getParameterType() == int.class;
		}

		@Override
		public Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return 42;
		}

	}

	static class Methods {

		private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

		String tenant(String payload, Tenant tenant) {
			return payload + " " + tenant.name;
		}

		String header(@Header String tenant) {
			return tenant;
		}

		void number(int number) {
			this.seen.add(String.valueOf(number));
		}

		void event(String first, int number, String second) {
			this.seen.add(first + " " + number + " " + second);
		}

		String fails() {
			throw new IllegalStateException();
		}

		@MessageExceptionHandler(IllegalStateException.class)
		String handle(Tenant tenant) {
			return "handled " + tenant.name;
		}

	}

}
