package io.ipcboot.actuate;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.ipcboot.actuate.EndpointOffer.OperationOffer;
import io.ipcboot.actuate.OperationAnswer.Form;
import io.ipcboot.actuate.OperationRequest.UnknownRoleException;
import io.ipcboot.channel.Background;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.Listener;
import io.ipcboot.messaging.ListenerRegistry;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.WebOperation;

/**
 * The parent's web endpoints, for the workers that serve its port: they ask for an
 * operation, and get the answer that a client would get from the parent.
 */
public final class OfferedEndpoints {

	/**
	 * How many requests of one worker the parent answers at a time. Each of them has a
	 * thread, and may hang as long as the operation does.
	 */
	private static final int MAX_REQUESTS = 16;

	/** A heap dump takes time and space, and no message has room for it. */
	private static final String HEAP_DUMP = "heapdump";

	private final Map<PeerId, Integer> running = new ConcurrentHashMap<>();

	private final Supplier<Collection<ExposableWebEndpoint>> endpoints;

	private final AnswerWriter writer;

	/**
	 * Offer endpoints.
	 * @param pool the pool whose workers may ask
	 * @param registry gets the listeners for their requests
	 * @param endpoints returns the endpoints, when a worker asks
	 * @param endpointMapper writes the bodies that are meant for answers of endpoints
	 * @param mapper writes other bodies
	 * @param maxFrameSize the largest message, in bytes
	 */
	public OfferedEndpoints(String pool, ListenerRegistry registry,
			Supplier<Collection<ExposableWebEndpoint>> endpoints, Supplier<JsonMapper> endpointMapper,
			Supplier<JsonMapper> mapper, int maxFrameSize) {
		this.endpoints = endpoints;
		// the body is base64 in a message, and something is around it
		this.writer = new AnswerWriter(endpointMapper, mapper, maxFrameSize / 3 * 2);
		registry.add(EndpointOffer.DESTINATION, new Elsewhere(pool, (message) -> this::offers));
		registry.add(OperationRequest.DESTINATION, new Elsewhere(pool, this::answer));
	}

	private Object offers() {
		return this.endpoints.get().stream().map(EndpointOffer::of).toList();
	}

	private Supplier<Object> answer(IpcMessage message) {
		OperationRequest request = (OperationRequest) message.payload(OperationRequest.class);
		if (request == null) {
			throw new IllegalArgumentException("The request for an operation is missing");
		}
		PeerId worker = message.peer();
		return () -> {
			try {
				return (this.running.merge(worker, 1, Integer::sum) <= MAX_REQUESTS) ? answer(request)
						: OperationAnswer.problem(WebEndpointResponse.STATUS_SERVICE_UNAVAILABLE,
								"The parent is still busy with %d requests of %s%n".formatted(MAX_REQUESTS, worker));
			}
			finally {
				this.running.computeIfPresent(worker, (key, number) -> (number > 1) ? number - 1 : null);
			}
		};
	}

	private OperationAnswer answer(OperationRequest request) {
		WebOperation operation = find(request.endpoint(), request.operation());
		if (operation == null) {
			return OperationAnswer.of(Form.NOTHING, null);
		}
		if (HEAP_DUMP.equals(request.endpoint())) {
			return AnswerWriter.tooLarge(HEAP_DUMP);
		}
		try {
			return this.writer.write(operation.getId(), operation.invoke(request.toContext()));
		}
		catch (UnknownRoleException ex) {
			return OperationAnswer.of(Form.ROLE, ex.role());
		}
		catch (InvalidEndpointRequestException ex) {
			return OperationAnswer.of(Form.REFUSED, ex.getReason());
		}
		catch (RuntimeException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private @Nullable WebOperation find(String endpoint, OperationOffer wanted) {
		return this.endpoints.get()
			.stream()
			.filter((each) -> each.getEndpointId().toString().equals(endpoint))
			.flatMap((each) -> each.getOperations().stream())
			.filter((each) -> OperationOffer.of(each).equals(wanted))
			.findFirst()
			.orElse(null);
	}

	/**
	 * Reads a request at once, and answers it on a thread of its own: an operation may
	 * take any time, and nothing that the worker sends waits for it.
	 *
	 * @param pool the pool whose workers may send requests
	 * @param reader reads a request, and returns what answers it
	 */
	private record Elsewhere(String pool, Reader reader) implements Listener {

		@Override
		public Object onMessage(IpcMessage message) throws Exception {
			return CompletableFuture.supplyAsync(this.reader.read(message), Background.EXECUTOR);
		}

		@Override
		public int concurrency() {
			return 1;
		}

		@Override
		public boolean takesFrom(PeerId sender) {
			return this.pool.equals(sender.pool());
		}

		@Override
		public String describe() {
			return "the endpoints of this application";
		}

	}

	/**
	 * Reads a request.
	 */
	@FunctionalInterface
	private interface Reader {

		Supplier<Object> read(IpcMessage message) throws Exception;

	}

}
