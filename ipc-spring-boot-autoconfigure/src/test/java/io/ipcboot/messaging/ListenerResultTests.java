package io.ipcboot.messaging;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import net.bytebuddy.ByteBuddy;
import net.bytebuddy.description.modifier.Visibility;
import net.bytebuddy.dynamic.loading.ClassLoadingStrategy;
import net.bytebuddy.implementation.FixedValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Publisher;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.web.context.request.async.DeferredResult;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests that what a listener returns becomes the reply, or is refused, but is never
 * dropped or written as an empty object.
 */
class ListenerResultTests extends AbstractPeerTests {

	private final CountDownLatch subscribed = new CountDownLatch(1);

	private final CountDownLatch cancelled = new CountDownLatch(1);

	@Test
	void aMonoIsSubscribedAndItsValueIsTheReply() {
		listen("mono");
		assertThat(call("mono", "x")).isEqualTo("later x");
		assertThat(call("mono", null)).isNull();
		RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class, () -> call("mono", "fail"));
		assertThat(failure.getRemoteType()).isEqualTo(IOException.class.getName());
		assertThat(failure.getRemoteMessage()).isEqualTo("on purpose");
	}

	@Test
	void aMonoIsSubscribedForAOneWayMessageToo() throws Exception {
		listen("never");
		this.pair.left.send("never", null).join();
		this.subscribed.await();
	}

	@Test
	void aMonoIsCancelledWithItsCall() throws Exception {
		listen("never");
		CompletableFuture<Object> call = this.pair.left.callAsync("never", null, Object.class);
		this.subscribed.await();
		call.cancel(true);
		this.cancelled.await();
	}

	@Test
	void aMonoOfAListenerInCodeIsSubscribed() {
		this.pair.right.listeners.add("code", (message) -> Mono.fromSupplier(() -> 42));
		assertThat(call("code", null)).isEqualTo(42);
	}

	@Test
	void anOptionalIsItsValueOrNothing() {
		listen("optional");
		assertThat(call("optional", "x")).isEqualTo("x");
		assertThat(call("optional", null)).isNull();
	}

	@Test
	void dataThatIsAlsoCodeIsData() {
		this.pair.right.listeners.add("record", (message) -> new Priced(5));
		assertThat(this.pair.left.call("record", null, Priced.class)).isEqualTo(new Priced(5));
	}

	@ParameterizedTest
	@ValueSource(strings = { "flux", "publisher", "flow", "stream", "numbers", "iterator", "callable", "supplier",
			"runnable", "thread", "future", "futureTask", "deferred" })
	void aMethodWhoseResultNobodyWouldRunIsRefused(String name) {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> listen(name))
			.withMessageContaining("." + name + "(")
			.withMessageContaining("cannot be a listener: nothing would run the ")
			.satisfies((ex) -> assertThat(ex.getAction()).containsAnyOf("Return", "return"));
	}

	@Test
	void theTypeOfAResultIsFoundInASubclass() {
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> listen(new Streams(), "generic"))
			.withMessageContaining("reactor.core.publisher.Flux");
	}

	@Test
	void aSuspendingFunctionIsRefused() throws Exception {
		Class<?> continuation = new ByteBuddy().makeInterface()
			.name("kotlin.coroutines.Continuation")
			.make()
			.load(getClass().getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
			.getLoaded();
		Object bean = new ByteBuddy().subclass(Object.class)
			.defineMethod("suspending", Object.class, Visibility.PUBLIC)
			.withParameters(String.class, continuation)
			.intercept(FixedValue.value("COROUTINE_SUSPENDED"))
			.make()
			.load(continuation.getClassLoader(), ClassLoadingStrategy.Default.WRAPPER)
			.getLoaded()
			.getConstructor()
			.newInstance();
		assertThatExceptionOfType(InvalidListenerException.class).isThrownBy(() -> listen(bean, "suspending"))
			.withMessageContaining("it is a suspending function")
			.withMessageContaining("Return a CompletableFuture");
	}

	@ParameterizedTest
	@MethodSource
	void aResultThatNobodyWouldRunIsAFailure(Object result, String remedy) throws Exception {
		this.pair.right.listeners.add("code", (message) -> result);
		RemoteHandlerException failure = catchThrowableOfType(RemoteHandlerException.class,
				() -> this.pair.left.call("code", null, Void.class));
		assertThat(failure.getRemoteMessage()).startsWith("the listener returned a ").contains(remedy);
		assertThat(failure.getRemoteMessage()).contains("which nothing would run");
	}

	static Stream<Object[]> aResultThatNobodyWouldRunIsAFailure() {
		Callable<String> callable = () -> "never called";
		Supplier<String> supplier = () -> "never called";
		Runnable runnable = () -> {
		};
		return Stream.of(new Object[] { Flux.just(1), "return a list" }, new Object[] { Stream.of(1), "return a list" },
				new Object[] { List.of(1).iterator(), "return a list" },
				new Object[] { JdkFlowAdapter.publisherToFlowPublisher(Flux.just(1)), "return a list" },
				new Object[] { callable, "Return what it returns" },
				new Object[] { supplier, "Return what it returns" },
				new Object[] { runnable, "Return what it returns" },
				new Object[] { new FutureTask<>(callable), "Return a CompletableFuture" });
	}

	private void listen(String name) {
		listen(new Methods(), name);
	}

	private void listen(Object bean, String name) {
		HandlerMethodListenerFactory factory = new HandlerMethodListenerFactory(new DefaultConversionService(), null,
				null, List.of());
		Stream.of(bean.getClass().getMethods())
			.filter((method) -> method.getName().equals(name) && !method.isBridge())
			.forEach((method) -> this.pair.right.listeners.add(name, factory.listener(bean, method, 0)));
	}

	private @Nullable Object call(String destination, @Nullable Object payload) {
		return this.pair.left.call(destination, payload, Object.class);
	}

	record Priced(int cents) implements Supplier<Integer> {

		@Override
		public Integer get() {
			return this.cents;
		}

	}

	public final class Methods {

		public Mono<String> mono(@Nullable String text) {
			if ("fail".equals(text)) {
				return Mono.error(new IOException("on purpose"));
			}
			return Mono.justOrEmpty(text).map((value) -> "later " + value);
		}

		public Mono<String> never() {
			return Mono.<String>never()
				.doOnSubscribe((subscription) -> ListenerResultTests.this.subscribed.countDown())
				.doOnCancel(ListenerResultTests.this.cancelled::countDown);
		}

		public Optional<String> optional(Optional<String> text) {
			return text;
		}

		public Flux<String> flux() {
			return Flux.empty();
		}

		public Publisher<String> publisher() {
			return Flux.empty();
		}

		public Flow.Publisher<String> flow() {
			return JdkFlowAdapter.publisherToFlowPublisher(Flux.empty());
		}

		public Stream<String> stream() {
			return Stream.empty();
		}

		public IntStream numbers() {
			return IntStream.empty();
		}

		public Iterator<String> iterator() {
			return List.<String>of().iterator();
		}

		public Callable<String> callable() {
			return () -> "never called";
		}

		public Supplier<String> supplier() {
			return () -> "never called";
		}

		public Runnable runnable() {
			return () -> {
			};
		}

		public Thread thread() {
			return new Thread();
		}

		public Future<String> future() {
			return new FutureTask<>(callable());
		}

		public FutureTask<String> futureTask() {
			return new FutureTask<>(callable());
		}

		public DeferredResult<String> deferred() {
			return new DeferredResult<>();
		}

	}

	public abstract static class Generic<T> {

		public @Nullable T generic() {
			return null;
		}

	}

	public static final class Streams extends Generic<Flux<String>> {

	}

}
