package io.ipcboot.messaging;

import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;

/**
 * What the type of a listener's result means: the result is the reply, or the reply comes
 * later, or nobody would ever run what was returned, which is refused.
 *
 * @param adapter turns the result into a publisher of one value, or {@code null}
 * @param stage whether the result is a {@link CompletionStage}
 * @param refusal what to return instead, or {@code null} if the result is accepted
 */
record ListenerResult(@Nullable ReactiveAdapter adapter, boolean stage, @Nullable String refusal) {

	private static final ListenerResult VALUE = new ListenerResult(null, false, null);

	private static final String STREAM = "Streams are not supported: return a list";

	private static final String FUTURE = "Return a CompletableFuture";

	/** Types of libraries that may be absent, or have no adapter. */
	private static final Map<String, String> REFUSED = Map.of("org.reactivestreams.Publisher", STREAM,
			"java.util.concurrent.Flow$Publisher", STREAM, "kotlinx.coroutines.flow.Flow", STREAM,
			"kotlinx.coroutines.Job", FUTURE, "org.springframework.web.context.request.async.DeferredResult", FUTURE,
			"org.springframework.web.context.request.async.WebAsyncTask", FUTURE);

	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private static final ClassValue<ListenerResult> KNOWN = new ClassValue<>() {

		@Override
		protected ListenerResult computeValue(Class<?> type) {
			return of(type);
		}

	};

	/**
	 * Refuse a method whose result nobody would run.
	 * @param beanType the class of the object that has the method
	 * @param purpose what the method is meant to be
	 */
	static void require(Method method, Class<?> beanType, String purpose) {
		Class<?>[] parameters = method.getParameterTypes();
		if (parameters.length > 0 && parameters[parameters.length - 1].getName().equals(CONTINUATION)) {
			throw new InvalidListenerException(
					"%s cannot be %s: it is a suspending function".formatted(method.toGenericString(), purpose),
					"Return a CompletableFuture, for example with the function 'future' of kotlinx-coroutines.");
		}
		Class<?> type = GenericTypeResolver.resolveReturnType(method, beanType);
		String refusal = KNOWN.get(type).refusal;
		if (refusal != null) {
			throw new InvalidListenerException("%s cannot be %s: nothing would run the %s that it returns"
				.formatted(method.toGenericString(), purpose, type.getName()), refusal + ".");
		}
	}

	/**
	 * Return the future of a reply that comes later.
	 * @param result what the listener returned
	 * @return a future, or {@code null} if the result itself is the reply
	 * @throws IllegalStateException if nothing would run what the listener returned
	 */
	static @Nullable CompletableFuture<?> pending(@Nullable Object result) {
		if (result == null) {
			return null;
		}
		ListenerResult known = KNOWN.get(result.getClass());
		if (known.refusal != null) {
			throw new IllegalStateException("the listener returned a %s, which nothing would run. %s"
				.formatted(result.getClass().getName(), known.refusal));
		}
		if (known.adapter != null) {
			return PublishedValue.of(known.adapter.toPublisher(result));
		}
		return known.stage ? ((CompletionStage<?>) result).toCompletableFuture() : null;
	}

	/**
	 * Return whether objects of a type promise a value, or several, and hence are no
	 * data.
	 */
	static boolean isPromise(Class<?> type) {
		ListenerResult known = KNOWN.get(type);
		return known.stage || known.adapter != null || FUTURE.equals(known.refusal) || STREAM.equals(known.refusal);
	}

	private static ListenerResult of(Class<?> type) {
		if (CompletionStage.class.isAssignableFrom(type)) {
			return new ListenerResult(null, true, null);
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(type);
		if (adapter != null) {
			return adapter.isMultiValue() ? refused(STREAM) : new ListenerResult(adapter, false, null);
		}
		if (Future.class.isAssignableFrom(type)) {
			return refused(FUTURE);
		}
		if (Iterator.class.isAssignableFrom(type) || BaseStream.class.isAssignableFrom(type)) {
			return refused(STREAM);
		}
		if (isFunction(type)) {
			return refused("Return what it returns when it is run");
		}
		return supertypes(type).map((each) -> REFUSED.get(each.getName()))
			.flatMap(Stream::ofNullable)
			.findFirst()
			.map(ListenerResult::refused)
			.orElse(VALUE);
	}

	private static ListenerResult refused(String refusal) {
		return new ListenerResult(null, false, refusal);
	}

	/** Return whether a type is code. Records and enums are data that is also code. */
	private static boolean isFunction(Class<?> type) {
		boolean function = Callable.class.isAssignableFrom(type) || Supplier.class.isAssignableFrom(type)
				|| Runnable.class.isAssignableFrom(type);
		return function && !type.isRecord() && !Enum.class.isAssignableFrom(type);
	}

	private static Stream<Class<?>> supertypes(Class<?> type) {
		Stream<Class<?>> above = Stream.concat(Stream.ofNullable(type.getSuperclass()),
				Stream.of(type.getInterfaces()));
		return Stream.concat(Stream.of(type), above.flatMap(ListenerResult::supertypes));
	}

	/**
	 * A future of the only value of a publisher. To cancel the future cancels the
	 * subscription.
	 */
	private static final class PublishedValue extends CompletableFuture<@Nullable Object>
			implements Subscriber<Object> {

		private volatile @Nullable Subscription subscription;

		private PublishedValue() {
		}

		/**
		 * Subscribe to a publisher.
		 * @return completes with the value, or with {@code null} if there is none
		 */
		static CompletableFuture<@Nullable Object> of(Publisher<?> publisher) {
			PublishedValue value = new PublishedValue();
			publisher.subscribe(value);
			return value;
		}

		@Override
		public void onSubscribe(Subscription newSubscription) {
			this.subscription = newSubscription;
			if (isDone()) {
				newSubscription.cancel();
			}
			else {
				newSubscription.request(Long.MAX_VALUE);
			}
		}

		@Override
		public void onNext(Object value) {
			complete(value);
		}

		@Override
		public void onError(Throwable failure) {
			completeExceptionally(failure);
		}

		@Override
		public void onComplete() {
			complete(null);
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean cancelled = super.cancel(mayInterruptIfRunning);
			Subscription current = this.subscription;
			if (cancelled && current != null) {
				current.cancel();
			}
			return cancelled;
		}

	}

}
