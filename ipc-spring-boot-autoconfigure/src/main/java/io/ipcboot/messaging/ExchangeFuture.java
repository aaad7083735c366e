package io.ipcboot.messaging;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * What a sender gets for an exchange. To cancel it cancels the exchange; a stage that
 * watches for that would cost every message several objects.
 */
final class ExchangeFuture<T> extends CompletableFuture<T> {

	private final Exchange exchange;

	ExchangeFuture(Exchange exchange) {
		this.exchange = exchange;
	}

	@Override
	public boolean cancel(boolean mayInterruptIfRunning) {
		if (!isDone()) {
			// first, as what is attached to this future may take long
			this.exchange.cancel();
		}
		return super.cancel(mayInterruptIfRunning);
	}

	@Override
	public boolean completeExceptionally(Throwable ex) {
		boolean completed = super.completeExceptionally(ex);
		if (completed && ex instanceof CancellationException) {
			this.exchange.cancel();
		}
		return completed;
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new CompletableFuture<>();
	}

}
