package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a call would wait for itself: the listeners that wait for its reply take
 * all the places that it needs. The call was not sent.
 */
public class CallDeadlockException extends IpcException {

	private final String problem;

	CallDeadlockException(@Nullable PeerId worker, String problem) {
		super(worker, problem);
		this.problem = problem;
	}

	/**
	 * @param chain the chain of calls, with its last process
	 * @param pool the pool
	 */
	static CallDeadlockException in(String pool, String chain) {
		return new CallDeadlockException(null,
				("The call would wait for itself: %s. Each worker of the pool '%s' that could take the call waits for "
						+ "its reply. Call another pool, or give this one more workers or a higher concurrency.")
					.formatted(chain, pool));
	}

	static CallDeadlockException at(PeerId worker, String chain) {
		return new CallDeadlockException(worker,
				("the call would wait for itself: %s. The process waits for the reply. Call another process, or let "
						+ "its listeners take several messages at a time.")
					.formatted(chain));
	}

	String problem() {
		return this.problem;
	}

}
