package io.ipcboot;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.ipcboot.channel.PeerId;

/**
 * Forks processes and sends messages to the workers of pools. The inherited methods use
 * the pool {@value #DEFAULT_POOL}.
 * <p>
 * In a worker, messages and calls without a handle work too: they go through the parent.
 * Methods that fork, inspect or change something throw a {@link ForkInWorkerException}.
 */
public interface ChildProcessOperations extends MessageOperations {

	/** The pool that messages go to unless another one is named. */
	String DEFAULT_POOL = "default";

	/**
	 * Choose a pool.
	 * @param pool the name of the pool, as in {@code ipc.pools.<name>}
	 * @return sends messages to workers of that pool
	 * @throws IllegalArgumentException if there is no such pool
	 */
	MessageOperations to(String pool);

	/**
	 * Return the names of the pools.
	 * @return the names; in a worker those of the parent
	 */
	Set<String> pools();

	/**
	 * Return the operations on a pool.
	 * @param name the name of the pool, as in {@code ipc.pools.<name>}
	 * @return the pool
	 * @throws IllegalArgumentException if there is no such pool
	 */
	PoolOperations pool(String name);

	/**
	 * Return the workers of a pool, to reach all of them or a certain one.
	 * @param pool the name of the pool
	 * @return the workers that run now, in the order of their slots; a dead worker and
	 * its successor are different objects
	 * @throws IllegalArgumentException if there is no such pool
	 */
	List<ChildProcess> workers(String pool);

	/**
	 * Return the process with an identity, as found in exceptions, replies and events.
	 * @param id the identity
	 * @return the process, if it has a channel and runs
	 */
	Optional<ChildProcess> process(PeerId id);

	/**
	 * Fork a process and wait until it is ready.
	 * @param options what to fork
	 * @return the process, owned by the caller; the process ends with this application at
	 * the latest
	 * @throws io.ipcboot.pool.WorkerStartException if the process cannot be forked or
	 * does not become ready, with its last lines of output
	 */
	ChildProcess fork(ForkOptions options);

	/**
	 * Fork a process without waiting until it is ready. Messages that are sent before
	 * wait.
	 * @param options what to fork
	 * @return the process, owned by the caller
	 * @throws io.ipcboot.pool.WorkerStartException if the process cannot be forked
	 */
	ChildProcess start(ForkOptions options);

}
