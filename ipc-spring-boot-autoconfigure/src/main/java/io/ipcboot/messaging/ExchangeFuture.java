package io.ipcboot.messaging;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The future that a sender gets for an exchange. A holder that cancels or completes the
 * future does not wait for the outcome any more, so that cancels the exchange; a
 * dependent stage for that would cost several objects for every message.
 */
final class ExchangeFuture<T extends @Nullable Object> extends CompletableFuture<T> {

	private final Exchange exchange;

	ExchangeFuture(Exchange exchange) {
		this.exchange = exchange;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		releaseExchange();
		return super.cancel(mayInterruptIfRunning);
	}

	@Override
	public boolean complete(T value) {
		releaseExchange();
		return super.complete(value);
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		releaseExchange();
		return super.completeExceptionally(ex);
	}

	@Override
	public CompletableFuture<T> completeAsync(Supplier<? extends T> supplier, Executor executor) {
		executor.execute(() -> {
			if (!isDone()) {
				completeWith(supplier);
			}
		});
		return this;
	}

	private void completeWith(Supplier<? extends T> supplier) {
		try {
			complete(supplier.get());
		}
		catch (Throwable ex) {
			completeExceptionally(new CompletionException(ex));
		}
	}

	@Override
	public void obtrudeValue(T value) {
		releaseExchange();
		super.obtrudeValue(value);
	}

	@Override
	public void obtrudeException(Throwable ex) {
		releaseExchange();
		super.obtrudeException(ex);
	}

	/**
	 * Cancel the exchange, unless this future is being completed with its outcome. Comes
	 * first, as code that is attached to this future may take long.
	 */
	private void releaseExchange() {
		if (!isDone() && !this.exchange.isDone()) {
			this.exchange.cancel();
		}
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new CompletableFuture<>();
	}

}
