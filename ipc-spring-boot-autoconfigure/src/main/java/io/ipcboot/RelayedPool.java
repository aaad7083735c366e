package io.ipcboot;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.RelayRoute;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.RollingRestartResult;
import org.jspecify.annotations.Nullable;

/**
 * A pool of the parent as a worker sees it: messages go through the parent. A worker
 * cannot inspect or change a pool.
 */
final class RelayedPool implements PoolOperations {

	private static final String HANDLES_REFUSED = "A worker cannot hand over a socket or file to a pool. Send it to "
			+ "the parent with ParentProcess, and let a listener in the parent pass it on";

	private final RelayRoute route;

	private final Supplier<ExchangeSender> sender;

	/**
	 * @param sender returns what sends over the route
	 */
	RelayedPool(RelayRoute route, Supplier<ExchangeSender> sender) {
		this.route = route;
		this.sender = sender;
	}

	@Override
	public MessageSpec destination(String destination) {
		return new MessageSpec(this.sender, destination, HANDLES_REFUSED);
	}

	@Override
	public boolean isWritable() {
		return this.route.isWritable();
	}

	@Override
	public <T extends @Nullable Object> PoolOperations answer(String destination, Class<T> type,
			Function<T, @Nullable Object> listener) {
		throw new ForkInWorkerException();
	}

	@Override
	public PoolOperations listen(Object handlers) {
		throw new ForkInWorkerException();
	}

	@Override
	public CompletableFuture<Void> resize(int size) {
		throw new ForkInWorkerException();
	}

	@Override
	public CompletableFuture<RollingRestartResult> restart() {
		throw new ForkInWorkerException();
	}

	@Override
	public CompletableFuture<Boolean> drain(int slot) {
		throw new ForkInWorkerException();
	}

	@Override
	public CompletableFuture<Boolean> recycle(int slot, String reason) {
		throw new ForkInWorkerException();
	}

	@Override
	public CompletableFuture<Boolean> kill(int slot) {
		throw new ForkInWorkerException();
	}

	@Override
	public CompletableFuture<@Nullable String> printThreads(int slot) {
		throw new ForkInWorkerException();
	}

	@Override
	public boolean release(String id) {
		throw new ForkInWorkerException();
	}

	@Override
	public CompletableFuture<PoolSnapshot> snapshot() {
		throw new ForkInWorkerException();
	}

}
