package io.ipcboot.messaging;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Supplier;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.Recipients;
import io.ipcboot.channel.StackReserve;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages as exchanges over a route, and turns their outcomes into values.
 */
public final class ExchangeSender {

	private static final Runnable UNWATCHED = () -> {
	};

	/** The deadlines of calls with the default timeout. */
	private final Deadlines deadlines = new Deadlines();

	/** Outcomes that are decided in this process, and not by what is received. */
	private final Completions decided = new Completions();

	private final PayloadConverter converter;

	private final int maxFrameSize;

	private final Duration callTimeout;

	private final Route route;

	private final Interceptors interceptors;

	/**
	 * Create a sender without interceptors.
	 * @param converter converts payloads
	 * @param maxFrameSize the largest payload, in bytes
	 * @param callTimeout how long a call without a timeout of its own may take; zero for
	 * no limit
	 * @param route where the exchanges go
	 */
	public ExchangeSender(PayloadConverter converter, int maxFrameSize, Duration callTimeout, Route route) {
		this(converter, maxFrameSize, callTimeout, route, Interceptors.NONE);
	}

	/**
	 * Create a sender.
	 * @param converter converts payloads
	 * @param maxFrameSize the largest payload, in bytes
	 * @param callTimeout how long a call without a timeout of its own may take; zero for
	 * no limit
	 * @param route where the exchanges go
	 * @param interceptors are around everything that this process sends
	 */
	public ExchangeSender(PayloadConverter converter, int maxFrameSize, Duration callTimeout, Route route,
			Interceptors interceptors) {
		this.converter = converter;
		this.maxFrameSize = maxFrameSize;
		this.callTimeout = callTimeout;
		this.route = route;
		this.interceptors = interceptors;
	}

	/**
	 * Send a one-way message.
	 * @param message the message
	 * @return completes when a listener of the peer has started the message, or fails
	 */
	public CompletableFuture<Void> send(OutgoingMessage message) {
		return start(message, FrameType.MESSAGE, (payload) -> null);
	}

	/**
	 * Make a call and wait for its outcome.
	 * @param message the message
	 * @param type the type of the reply
	 * @return the reply and the process that gave it
	 */
	public Reply<@Nullable Object> call(OutgoingMessage message, Type type) {
		OutgoingExchange intercepted = this.interceptors.around(message, true, this.route);
		if (intercepted == null) {
			return call(create(message, FrameType.CALL, true, null), type);
		}
		OutgoingMessage admitted = intercepted.enter();
		try {
			Exchange exchange = create(admitted, FrameType.CALL, true, intercepted);
			intercepted.sentAs(exchange);
			Reply<@Nullable Object> reply = call(exchange, type);
			intercepted.complete(null);
			return reply;
		}
		catch (Throwable ex) {
			intercepted.complete(ex);
			throw ex;
		}
	}

	private Reply<@Nullable Object> call(Exchange exchange, Type type) {
		transmit(exchange);
		Object body = this.converter.read(exchange.await(), type);
		PeerId peer = exchange.peer();
		return new Reply<>(body, (peer != null) ? peer : PeerId.process(-1));
	}

	/**
	 * Make a call.
	 * @param message the message
	 * @param type the type of the reply
	 * @param <T> the type of the reply
	 * @return completes with the reply, or fails; cancelling the future cancels the call.
	 * Attached code runs on a thread of the channel, which goes on reading meanwhile
	 */
	@SuppressWarnings("unchecked")
	public <T extends @Nullable Object> CompletableFuture<T> callAsync(OutgoingMessage message, Type type) {
		return start(message, FrameType.CALL, (payload) -> (T) this.converter.read(payload, type));
	}

	/** Send a message or call whose outcome completes a future. */
	private <T extends @Nullable Object> CompletableFuture<T> start(OutgoingMessage message, FrameType type,
			Conversion<T> conversion) {
		OutgoingExchange intercepted = this.interceptors.around(message, type == FrameType.CALL, this.route);
		Exchange exchange = (intercepted != null) ? create(intercepted, type) : create(message, type, false, null);
		CompletableFuture<T> result = new ExchangeFuture<>(exchange);
		follow(exchange, result, conversion, intercepted);
		transmit(exchange);
		return result;
	}

	private Exchange create(OutgoingExchange intercepted, FrameType type) {
		OutgoingMessage admitted = intercepted.enter();
		try {
			Exchange exchange = create(admitted, type, false, intercepted);
			intercepted.sentAs(exchange);
			return exchange;
		}
		catch (Throwable ex) {
			intercepted.complete(ex);
			throw ex;
		}
	}

	/**
	 * Fail exchanges that were not sent. Returns at once: code that is attached to their
	 * outcomes runs on other threads.
	 * @param exchanges the exchanges
	 * @param failure creates the outcome of each
	 */
	public static void failAll(List<Exchange> exchanges, Supplier<? extends Throwable> failure) {
		Completions completions = new Completions();
		Recipients.tellAll(exchanges, (exchange) -> completions.complete(exchange, () -> fail(exchange, failure)));
		completions.runElsewhere();
	}

	private static void fail(Exchange exchange, Supplier<? extends Throwable> failure) {
		Throwable created;
		try {
			created = failure.get();
		}
		catch (Throwable ex) {
			created = ex;
		}
		exchange.fail(created);
	}

	/**
	 * Send a message for another process. Returns at once: nothing is converted, and
	 * nothing waits.
	 * @param message describes the message, except for its payload
	 * @param type MESSAGE or CALL
	 * @param request what the other process asked for
	 * @param answers creates the answer for the other process
	 * @return completes with the answer; cancelling it cancels the message
	 */
	CompletableFuture<RelayListener.Answer> forward(OutgoingMessage message, FrameType type, Payload payload,
			Inbound request, RelayListener.AnswerFactory answers) {
		Frame frame = frame(message, type, payload);
		Duration timeout = (message.timeout() != null) ? message.timeout() : Duration.ZERO;
		Exchange exchange = new Exchange(frame, frame.encodeHeaders(null, this.maxFrameSize), message, timeout,
				this.route, false, new Origin(request.chain(), request.peer(), null));
		CompletableFuture<RelayListener.Answer> result = new ExchangeFuture<>(exchange);
		exchange.follow();
		Runnable endOfWatch = watchDeadline(exchange);
		exchange.outcome().whenComplete((reply, ex) -> {
			endOfWatch.run();
			answers.concluded();
			if (ex == null) {
				result.complete(answers.reply(reply, exchange.peer()));
			}
			else if (isDecidedHere(ex)) {
				Background.EXECUTOR.execute(() -> result.complete(answers.failure(ex)));
			}
			else {
				result.complete(answers.failure(ex));
			}
		});
		try {
			this.route.forward(exchange);
		}
		catch (RuntimeException ex) {
			exchange.fail(ex);
		}
		return result;
	}

	private Exchange create(OutgoingMessage message, FrameType type, boolean waits,
			@Nullable OutgoingExchange intercepted) {
		Payload payload = (message.values() != null) ? this.converter.writeValues(message.values())
				: this.converter.write(message.payload());
		Frame plain = frame(message, type, payload);
		byte[] headers = plain.encodeHeaders(null, this.maxFrameSize);
		Frame frame = this.route.address(plain, message, waits);
		if (frame != plain) {
			// encoded twice, as an error about their size has to name the application's
			// destination
			headers = frame.encodeHeaders(null, this.maxFrameSize);
		}
		Inbound current = Inbound.current();
		Duration timeout = timeout(message, type, current);
		CallChain chain = (waits && current != null) ? current.chain() : null;
		Origin origin = (chain != null || intercepted != null) ? new Origin(chain, null, intercepted)
				: Origin.THIS_PROCESS;
		Object offered = message.handle();
		if (offered == null) {
			return new Exchange(frame, headers, message, timeout, this.route, false, origin);
		}
		this.route.requireOpen();
		// last, since taking the handle closes the sender's object
		Handle handle = handle(message, offered);
		boolean taken = !message.keepOpen() && !handle.kind().isShared();
		return new Exchange(frame.withHandle(handle), headers, message, timeout, this.route, taken, origin);
	}

	private static Frame frame(OutgoingMessage message, FrameType type, Payload payload) {
		return new Frame(type, 0, message.destination(), payload.content(), message.headers(), payload.bytes(), 0,
				null);
	}

	/**
	 * Return the timeout. A call that a listener makes gets no more than the time that is
	 * left of the call that the listener handles, unless the sender wants no limit.
	 */
	private Duration timeout(OutgoingMessage message, FrameType type, @Nullable Inbound current) {
		Duration own = message.timeout();
		if (type != FrameType.CALL) {
			return (own != null) ? own : Duration.ZERO;
		}
		long left = (current != null) ? current.remaining() : 0;
		if (left == 0 || (own != null && own.isZero())) {
			return (own != null) ? own : this.callTimeout;
		}
		Duration wanted = (own != null) ? own : this.callTimeout;
		Duration rest = Duration.ofNanos(Math.max(1, left));
		return (wanted.isZero() || wanted.compareTo(rest) > 0) ? rest : wanted;
	}

	private static Handle handle(OutgoingMessage message, Object offered) {
		try {
			return message.keepOpen() ? Handle.share(offered) : Handle.take(offered);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot hand over " + offered, ex);
		}
	}

	private void transmit(Exchange exchange) {
		StackReserve.require();
		try {
			this.route.transmit(exchange);
		}
		catch (RuntimeException ex) {
			exchange.fail(ex);
			throw ex;
		}
	}

	private <T> void follow(Exchange exchange, CompletableFuture<T> result, Conversion<T> conversion,
			@Nullable OutgoingExchange intercepted) {
		exchange.follow();
		Runnable endOfWatch = watchDeadline(exchange);
		exchange.outcome().whenComplete((payload, ex) -> {
			endOfWatch.run();
			if (ex instanceof CancellationException) {
				// the holder of the result, who cancelled the exchange, completes it
				complete(intercepted, ex);
				return;
			}
			if (ex != null && isDecidedHere(ex)) {
				this.decided.add(() -> fail(result, ex, intercepted));
				this.decided.runElsewhere();
				return;
			}
			if (ex != null) {
				fail(result, ex, intercepted);
				return;
			}
			try {
				T value = conversion.convert(payload);
				complete(intercepted, null);
				result.complete(value);
			}
			catch (Throwable failure) {
				fail(result, failure, intercepted);
			}
		});
	}

	private static void fail(CompletableFuture<?> result, Throwable failure, @Nullable OutgoingExchange intercepted) {
		complete(intercepted, failure);
		result.completeExceptionally(failure);
	}

	private static void complete(@Nullable OutgoingExchange intercepted, @Nullable Throwable failure) {
		if (intercepted != null) {
			intercepted.complete(failure);
		}
	}

	/**
	 * Return whether the peer is informed afterwards, which must not wait for attached
	 * code.
	 */
	private static boolean isDecidedHere(Throwable failure) {
		return failure instanceof CallTimeoutException || failure instanceof CancellationException;
	}

	private Runnable watchDeadline(Exchange exchange) {
		long remaining = exchange.patience();
		if (remaining == 0) {
			return UNWATCHED;
		}
		if (exchange.timeout().equals(this.callTimeout)) {
			Deadlines.Entry entry = this.deadlines.add(exchange);
			return () -> this.deadlines.remove(entry);
		}
		Future<?> alarm = Background.schedule(exchange::timeOut, Duration.ofNanos(remaining));
		return () -> alarm.cancel(false);
	}

	/**
	 * What a message was sent for.
	 *
	 * @param chain the listeners that wait for it, as far as they are known
	 * @param sender the other process that sent it, or {@code null} for this one
	 * @param intercepted the view of the interceptors on it, or {@code null} without any
	 */
	record Origin(@Nullable CallChain chain, @Nullable Object sender, @Nullable OutgoingExchange intercepted) {

		static final Origin THIS_PROCESS = new Origin(null, null, null);

		/** Tell the interceptors that a process is about to get the message. */
		void attempted() {
			if (this.intercepted != null) {
				this.intercepted.attempted();
			}
		}

	}

	private interface Conversion<T> {

		@Nullable T convert(Payload payload);

	}

}
