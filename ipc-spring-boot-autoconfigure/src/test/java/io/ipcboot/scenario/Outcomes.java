package io.ipcboot.scenario;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.pool.WorkerLostException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Waits for the outcomes of calls.
 */
final class Outcomes {

	private Outcomes() {
	}

	/** Wait until a call has failed, and return with what. */
	static Throwable failure(CompletableFuture<?> call) {
		return failure(call, Invariants.PATIENCE);
	}

	static Throwable failure(CompletableFuture<?> call, Duration patience) {
		try {
			throw new AssertionError(
					"the call has succeeded with " + call.get(patience.toMillis(), TimeUnit.MILLISECONDS));
		}
		catch (ExecutionException ex) {
			return ex.getCause();
		}
		catch (TimeoutException ex) {
			throw new AssertionError("the call has no outcome", ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Wait until a call has failed because its worker was lost. */
	static WorkerLostException lost(CompletableFuture<?> call) {
		Throwable failure = failure(call);
		assertThat(failure).isInstanceOf(WorkerLostException.class);
		return (WorkerLostException) failure;
	}

}
