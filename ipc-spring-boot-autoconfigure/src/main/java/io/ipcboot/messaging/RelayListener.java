package io.ipcboot.messaging;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import io.ipcboot.channel.BacklogFullException;
import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.RemoteFailure.Reason;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of {@link RelayRoute}: passes messages of workers on to pools, as if
 * this process had sent them, and passes the outcomes back. Waits for nothing, neither
 * for a pool nor for the worker that asks.
 */
public final class RelayListener implements Listener {

	private final Function<String, ExchangeSender> pools;

	private final FailureFormat failures;

	/**
	 * Create a listener for {@value RelayRoute#DESTINATION}.
	 * @param pools returns what sends to the pool with a name; throws an
	 * {@link IllegalArgumentException} if there is no such pool
	 * @param failures writes the failures that the sender gets
	 */
	public RelayListener(Function<String, ExchangeSender> pools, FailureFormat failures) {
		this.pools = pools;
		this.failures = failures;
	}

	@Override
	public int concurrency() {
		return 1;
	}

	@Override
	public Object onMessage(IpcMessage message) {
		Inbound request = Inbound.current();
		if (request == null || !request.isCall()) {
			throw new IllegalArgumentException("A message for '%s' must be a call".formatted(RelayRoute.DESTINATION));
		}
		Peer origin = request.peer();
		if (!origin.relayShare().tryAcquire(request.frame().weight())) {
			throw new IllegalStateException("%s has %,d messages and calls to pools, or %,d MB, under way already"
				.formatted(origin.id(), RelayShare.MAX_MESSAGES, RelayShare.MAX_BYTES >> 20));
		}
		Answering answering = new Answering(origin, request.frame().weight());
		CompletableFuture<Answer> answer;
		try {
			answer = forward(request, answering);
		}
		catch (RuntimeException | Error ex) {
			answering.concluded();
			throw ex;
		}
		answer.thenAccept((sent) -> keepUntilWritten(sent, origin));
		return answer;
	}

	private CompletableFuture<Answer> forward(Inbound request, Answering answering) {
		Frame frame = request.frame();
		Map<String, String> headers = frame.headers();
		ExchangeSender sender = this.pools.apply(headers.getOrDefault(RelayRoute.POOL, ""));
		OutgoingMessage message = new OutgoingMessage(headers.getOrDefault(RelayRoute.TO, ""), null, null,
				ofApplication(headers), null, false, timeLeft(request), headers.get(RelayRoute.KEY),
				headers.containsKey(RelayRoute.IDEMPOTENT));
		FrameType type = headers.containsKey(RelayRoute.ONE_WAY) ? FrameType.MESSAGE : FrameType.CALL;
		return sender.forward(message, type, new Payload(frame.content(), frame.payload()), request, answering);
	}

	private static void keepUntilWritten(Answer answer, Peer origin) {
		int length = answer.payload().bytes().length;
		if (length > 0) {
			origin.relayShare().replyKept(length);
			origin.channel().flush().whenComplete((nothing, ex) -> origin.relayShare().replyKept(-length));
		}
	}

	private static Map<String, String> ofApplication(Map<String, String> headers) {
		Map<String, String> own = new LinkedHashMap<>(headers);
		own.keySet().removeIf(OutgoingMessage::isReserved);
		return own;
	}

	/** Return zero for no limit. */
	private static Duration timeLeft(Inbound request) {
		long remaining = request.remaining();
		return (remaining == 0) ? Duration.ZERO : Duration.ofNanos(Math.max(1, remaining));
	}

	/**
	 * The answer to one request.
	 */
	private final class Answering implements AnswerFactory {

		private final Peer origin;

		private final long weight;

		private final AtomicBoolean concluded = new AtomicBoolean();

		Answering(Peer origin, long weight) {
			this.origin = origin;
			this.weight = weight;
		}

		/**
		 * Release the share. When the worker has the answer, it may send the next message
		 * at once.
		 */
		@Override
		public void concluded() {
			if (this.concluded.compareAndSet(false, true)) {
				this.origin.relayShare().release(this.weight);
			}
		}

		@Override
		public Answer reply(Payload payload, @Nullable PeerId from) {
			int length = payload.bytes().length;
			return this.origin.relayShare().hasRoomForReply(length) ? Answer.reply(payload, from)
					: failure(new BacklogFullException(this.origin.id(),
							"the reply of %,d bytes is dropped because the process does not read its replies"
								.formatted(length)));
		}

		@Override
		public Answer failure(Throwable failure) {
			return Answer.failure(failure, RelayListener.this.failures);
		}

	}

	/**
	 * The outcome of a message that this process passed on for another one, as the answer
	 * to the other process: the payload of a reply is not converted.
	 *
	 * @param type REPLY or FAILURE
	 * @param headers the headers of the answer
	 * @param payload the reply
	 */
	record Answer(FrameType type, Map<String, String> headers, Payload payload) {

		static Answer reply(Payload payload, @Nullable PeerId from) {
			return new Answer(FrameType.REPLY,
					(from != null) ? Map.of(RelayRoute.FROM, RelayRoute.text(from)) : Map.of(), payload);
		}

		static Answer failure(Throwable failure, FailureFormat format) {
			IpcException ipc = (failure instanceof IpcException known) ? known : null;
			Map<String, String> written = (ipc != null) ? format.write(ipc) : null;
			Map<String, String> headers = new LinkedHashMap<>(
					(written != null) ? written : remoteFailure(failure).toFrame(0).headers());
			if (ipc != null && ipc.getPeer() != null) {
				headers.put(RelayRoute.FROM, RelayRoute.text(ipc.getPeer()));
			}
			return new Answer(FrameType.FAILURE, headers, Payload.NULL);
		}

		private static RemoteFailure remoteFailure(Throwable failure) {
			if (failure instanceof RemoteHandlerException remote) {
				return remote.failure();
			}
			if (failure instanceof NoListenerException missing) {
				return RemoteFailure.of(Reason.NO_LISTENER, missing.problem());
			}
			if (failure instanceof CallTimeoutException || failure instanceof CancellationException) {
				// the other process words it with its own time
				return RemoteFailure.of(Reason.CANCELLED, String.valueOf(failure.getMessage()));
			}
			return RemoteFailure.of(Reason.HANDLER, failure);
		}

		Frame toFrame(Frame call) {
			return new Frame(this.type, call.id(), call.destination(), this.payload.content(), this.headers,
					this.payload.bytes(), 0, null);
		}

	}

	/**
	 * Creates the answer to a message that was passed on.
	 */
	interface AnswerFactory {

		/** Called once when the outcome is known, before the answer is created. */
		void concluded();

		/** Create the answer for a reply, given the process that it comes from. */
		Answer reply(Payload payload, @Nullable PeerId from);

		/** Create the answer for a failure. */
		Answer failure(Throwable failure);

	}

}
