package io.ipcboot.actuate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.ipcboot.actuate.OperationAnswer.Form;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.Resource;
import org.springframework.util.ClassUtils;

/**
 * Writes what operations of endpoints return, as the web framework of this process would.
 */
final class AnswerWriter {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final boolean REACTIVE = ClassUtils.isPresent("reactor.core.publisher.Flux",
			AnswerWriter.class.getClassLoader());

	private final Supplier<JsonMapper> endpointMapper;

	private final Supplier<JsonMapper> mapper;

	private final int maxLength;

	/**
	 * @param endpointMapper writes the bodies that are meant for answers of endpoints
	 * @param mapper writes other bodies
	 * @param maxLength the largest body, in bytes
	 */
	AnswerWriter(Supplier<JsonMapper> endpointMapper, Supplier<JsonMapper> mapper, int maxLength) {
		this.endpointMapper = endpointMapper;
		this.mapper = mapper;
		this.maxLength = maxLength;
	}

	/**
	 * Write the result of an operation.
	 * @throws Exception if the result arrives later, and is a failure
	 */
	OperationAnswer write(String operation, @Nullable Object result) throws Exception {
		Object settled = settle(result);
		if (settled == null) {
			return OperationAnswer.of(Form.NOTHING, null);
		}
		OperationAnswer answer;
		if (settled instanceof WebEndpointResponse<?> response) {
			String type = (response.getContentType() != null) ? response.getContentType().toString() : null;
			answer = write(response.getStatus(), type, settle(response.getBody()));
		}
		else {
			answer = write(WebEndpointResponse.STATUS_OK, null, settled);
		}
		return (answer.body() == null || answer.body().length <= this.maxLength) ? answer : tooLarge(operation);
	}

	private OperationAnswer write(int status, @Nullable String type, @Nullable Object body) {
		if (body == null) {
			return new OperationAnswer(Form.EMPTY, status, type, null, null);
		}
		if (body instanceof String text) {
			return new OperationAnswer(Form.TEXT, status, type, text.getBytes(StandardCharsets.UTF_8), null);
		}
		if (body instanceof Resource resource) {
			return new OperationAnswer(Form.RESOURCE, status, type, read(resource), null);
		}
		return new OperationAnswer(Form.BYTES, status, type, (body instanceof byte[] bytes) ? bytes : json(body), null);
	}

	private byte[] json(Object body) {
		Supplier<JsonMapper> suitable = (body instanceof OperationResponseBody) ? this.endpointMapper : this.mapper;
		return suitable.get().writeValueAsBytes(body);
	}

	private byte[] read(Resource resource) {
		try (InputStream in = resource.getInputStream()) {
			return in.readNBytes(this.maxLength + 1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Say that an answer is too large for a message. */
	static OperationAnswer tooLarge(String operation) {
		return OperationAnswer.problem(WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR,
				("The answer of '%s' is too large to pass through a worker. Ask the parent on a port of its own, "
						+ "which is 'management.server.port'.%n")
					.formatted(operation));
	}

	private static @Nullable Object settle(@Nullable Object result) throws Exception {
		if (result instanceof CompletionStage<?> stage) {
			return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
		}
		return (REACTIVE && result != null) ? Reactive.settle(result) : result;
	}

	/**
	 * Knows types that are not there in every application.
	 */
	private static final class Reactive {

		static @Nullable Object settle(Object result) {
			if (result instanceof Flux<?> values) {
				return values.collectList().block(PATIENCE);
			}
			return (result instanceof Publisher<?> value) ? Mono.from(value).block(PATIENCE) : result;
		}

	}

}
