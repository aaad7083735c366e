package io.ipcboot.messaging;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ipcboot.messaging.HandlerMethodListenerFactory.Invocable;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.HandlerMethod;
import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.messaging.handler.annotation.support.AnnotationExceptionHandlerMethodResolver;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.util.ReflectionUtils;

/**
 * The {@link MessageExceptionHandler} methods of a class. If one of its listeners fails,
 * the method that is the closest to the exception answers instead.
 */
final class ExceptionHandlers {

	private final AnnotationExceptionHandlerMethodResolver resolver;

	private final Map<Method, Invocable> methods = new LinkedHashMap<>();

	/**
	 * Find the exception handlers of a class.
	 * @param type the class of an object with listeners, or of what a proxy stands for
	 * @param invocable makes a method of the class invocable
	 * @throws InvalidListenerException if a method cannot handle exceptions, or several
	 * handle the same
	 */
	ExceptionHandlers(Class<?> type, Function<Method, Invocable> invocable) {
		MethodIntrospector.MetadataLookup<Boolean> annotated = (
				method) -> AnnotatedElementUtils.hasAnnotation(method, MessageExceptionHandler.class) ? true : null;
		MethodIntrospector.selectMethods(type, annotated)
			.keySet()
			.forEach((method) -> this.methods.put(method, invocable.apply(method)));
		try {
			this.resolver = new AnnotationExceptionHandlerMethodResolver(type);
		}
		catch (IllegalStateException ex) {
			throw new InvalidListenerException(
					"%s has invalid exception handlers: %s".formatted(type.getName(), ex.getMessage()),
					"Name an exception in the annotation or as a parameter of each method, and handle it in one method.");
		}
	}

	/** Return the methods that handle exceptions. */
	Collection<Method> methods() {
		return this.methods.keySet();
	}

	/**
	 * Answer in the place of a listener that failed.
	 * @param failure what the listener threw
	 * @param listener the method of the listener
	 * @param bean returns the object with the listener
	 * @return what the handler returned
	 * @throws Exception what the handler threw, or the failure if there is no handler for
	 * it
	 */
	@Nullable Object handle(Throwable failure, Invocable listener, Supplier<?> bean, IpcMessage message) throws Exception {
		Method method = this.resolver.resolveMethod(failure);
		Invocable handler = (method != null) ? this.methods.get(method) : null;
		@Nullable Object @Nullable [] arguments = (handler != null) ? arguments(handler, failure, listener, message) : null;
		if (handler == null || arguments == null) {
			ReflectionUtils.rethrowException(failure);
			throw new IllegalStateException(failure);
		}
		return handler.invoke(bean, message, arguments);
	}

	/** Return the arguments, or {@code null} if the handler cannot be called. */
	private static @Nullable Object @Nullable [] arguments(Invocable handler, Throwable failure, Invocable listener,
			IpcMessage message) {
		Throwable cause = failure.getCause();
		try {
			return handler.arguments(message, failure, (cause != null) ? cause : failure, listener);
		}
		catch (Exception ex) {
			// often for the same reason: a payload that cannot be converted
			if (ex != failure) {
				failure.addSuppressed(ex);
			}
			return null;
		}
	}

	/**
	 * Answer in the place of a listener whose future fails.
	 * @param pending what the listener returned
	 * @return completes as the future does, or with what the handler returned
	 */
	CompletableFuture<?> handleLater(CompletableFuture<?> pending, Invocable listener, Supplier<?> bean,
			IpcMessage message) {
		Answer answer = new Answer(pending);
		pending.whenComplete((value, failure) -> {
			if (failure == null) {
				answer.complete(value);
			}
			else if (!answer.isDone()) {
				answer.take(() -> handle(Answers.cause(failure), listener, bean, message));
			}
		});
		return answer;
	}

	/**
	 * The answer of a listener or of a handler, which may come later too. To cancel the
	 * answer cancels what it waits for.
	 */
	private static final class Answer extends CompletableFuture<@Nullable Object> {

		private volatile CompletableFuture<?> source;

		Answer(CompletableFuture<?> source) {
			this.source = source;
		}

		/** Complete with what a handler returns, or with its failure. */
		void take(Handling handling) {
			try {
				Object result = handling.run();
				CompletableFuture<?> later = ListenerResult.pending(result);
				if (later == null) {
					complete(result);
				}
				else {
					await(later);
				}
			}
			catch (Throwable ex) {
				completeExceptionally(ex);
			}
		}

		private void await(CompletableFuture<?> later) {
			this.source = later;
			if (isCancelled()) {
				later.cancel(true);
			}
			later.whenComplete((value, failure) -> {
				if (failure == null) {
					complete(value);
				}
				else {
					completeExceptionally(failure);
				}
			});
		}

		@Override
		public boolean cancel(boolean mayInterruptIfRunning) {
			boolean cancelled = super.cancel(mayInterruptIfRunning);
			this.source.cancel(mayInterruptIfRunning);
			return cancelled;
		}

	}

	/**
	 * Keeps parameters from being taken for the payload that only an exception handler
	 * has: the exception, its cause, and the method that failed. A parameter for another
	 * exception is {@code null}.
	 */
	static final class Provided implements HandlerMethodArgumentResolver {

		@Override
		public boolean supportsParameter(MethodParameter parameter) {
			Class<?> type = parameter.getParameterType();
			return Throwable.class.isAssignableFrom(type) || HandlerMethod.class.isAssignableFrom(type);
		}

		@Override
		public @Nullable Object resolveArgument(MethodParameter parameter, Message<?> message) {
			return null;
		}

	}

	/**
	 * The run of a handler.
	 */
	private interface Handling {

		@Nullable Object run() throws Exception;

	}

}
