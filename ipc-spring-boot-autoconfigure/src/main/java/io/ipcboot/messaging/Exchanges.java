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
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Makes exchanges of what somebody wants to send, and values of their outcomes.
 */
public final class Exchanges {

	private static final Runnable UNWATCHED = () -> {
	};

	/** Of calls that may take as long as most. */
	private final Deadlines deadlines = new Deadlines();

	private final PayloadConverter converter;

	private final int maxFrameSize;

	private final Duration callTimeout;

	private final ExchangeOwner owner;

	private final Route route;

	/**
	 * Create a source of exchanges.
	 * @param converter converts payloads
	 * @param maxFrameSize the largest payload, in bytes
	 * @param callTimeout how long a call may take if it does not say; zero for no limit
	 * @param owner told what becomes of an exchange
	 * @param route where the exchanges go
	 */
	public Exchanges(PayloadConverter converter, int maxFrameSize, Duration callTimeout, ExchangeOwner owner,
			Route route) {
		this.converter = converter;
		this.maxFrameSize = maxFrameSize;
		this.callTimeout = callTimeout;
		this.owner = owner;
		this.route = route;
	}

	/**
	 * Send a one-way message.
	 * @param message the message
	 * @return completes when a listener of the peer has taken the message, or fails
	 */
	public CompletableFuture<Void> send(OutgoingMessage message) {
		Exchange exchange = create(message, false);
		CompletableFuture<Void> result = new ExchangeFuture<>(exchange);
		follow(exchange, result, (payload) -> null);
		transmit(exchange);
		return result;
	}

	/**
	 * Make a call and wait for its outcome.
	 * @param message the message
	 * @param type the type of the reply
	 * @return the reply and who gave it
	 */
	public Reply<@Nullable Object> call(OutgoingMessage message, Type type) {
		Exchange exchange = create(message, true);
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
	 * @return completes with the reply, or fails; to cancel it cancels the call. Code
	 * that is attached runs on a thread of the channel, which goes on reading meanwhile
	 */
	@SuppressWarnings("unchecked")
	public <T extends @Nullable Object> CompletableFuture<T> callAsync(OutgoingMessage message, Type type) {
		Exchange exchange = create(message, true);
		CompletableFuture<T> result = new ExchangeFuture<>(exchange);
		follow(exchange, result, (payload) -> (T) this.converter.read(payload, type));
		transmit(exchange);
		return result;
	}

	/**
	 * Fail exchanges that were not sent. Code that is attached to their outcomes runs on
	 * other threads, so this returns at once.
	 * @param exchanges the exchanges
	 * @param failure makes the outcome of each
	 */
	public static void failAll(List<Exchange> exchanges, Supplier<? extends Throwable> failure) {
		Completions completions = new Completions();
		for (Exchange exchange : exchanges) {
			if (exchange.hasDependents()) {
				completions.add(() -> exchange.fail(failure.get()));
			}
			else {
				exchange.fail(failure.get());
			}
		}
		completions.runElsewhere();
	}

	private Exchange create(OutgoingMessage message, boolean call) {
		Payload payload = (message.values() != null) ? this.converter.writeValues(message.values())
				: this.converter.write(message.payload());
		FrameType type = call ? FrameType.CALL : FrameType.MESSAGE;
		Frame frame = new Frame(type, 0, message.destination(), payload.content(), message.headers(), payload.bytes(),
				0, null);
		if (frame.bodyLength() > this.maxFrameSize) {
			throw new MessageTooLargeException(null, message.destination(), frame.bodyLength(), this.maxFrameSize);
		}
		Duration timeout = (message.timeout() != null) ? message.timeout() : call ? this.callTimeout : Duration.ZERO;
		Object offered = message.handle();
		if (offered == null) {
			return new Exchange(frame, message, timeout, this.owner, false);
		}
		this.route.requireOpen();
		// last, since it takes the sender's object away
		Handle handle = handle(message, offered);
		boolean taken = !message.keepOpen() && !handle.kind().isShared();
		return new Exchange(frame.withHandle(handle), message, timeout, this.owner, taken);
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
		try {
			this.route.transmit(exchange);
		}
		catch (RuntimeException ex) {
			exchange.fail(ex);
			throw ex;
		}
	}

	private <T> void follow(Exchange exchange, CompletableFuture<T> result, Conversion<T> conversion) {
		exchange.follow();
		Runnable endOfWatch = watchDeadline(exchange);
		exchange.outcome().whenComplete((payload, ex) -> {
			endOfWatch.run();
			if (ex instanceof CallTimeoutException || ex instanceof CancellationException) {
				// the peer has yet to be told, which must not wait for what is attached
				Background.EXECUTOR.execute(() -> result.completeExceptionally(ex));
				return;
			}
			if (ex != null) {
				result.completeExceptionally(ex);
				return;
			}
			try {
				result.complete(conversion.convert(payload));
			}
			catch (Throwable failure) {
				result.completeExceptionally(failure);
			}
		});
	}

	private Runnable watchDeadline(Exchange exchange) {
		long remaining = exchange.remaining();
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

	private interface Conversion<T> {

		@Nullable T convert(Payload payload);

	}

}
