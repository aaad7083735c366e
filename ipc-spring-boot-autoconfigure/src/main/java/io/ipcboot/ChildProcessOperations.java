package io.ipcboot;

import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.ipcboot.channel.PeerId;

/**
 * Forks processes and talks to the workers of pools. The verbs that are inherited go to
 * the pool {@value #DEFAULT_POOL}.
 */
public interface ChildProcessOperations extends MessageOperations {

	/** The pool that messages go to unless another one is named. */
	String DEFAULT_POOL = "default";

	/**
	 * Choose a pool.
	 * @param pool its name, as in {@code ipc.pools.<name>}
	 * @return what can be said to the next worker of that pool
	 * @throws IllegalArgumentException if there is no such pool
	 */
	MessageOperations to(String pool);

	/**
	 * Return what pools there are.
	 * @return their names; none in a worker
	 */
	Set<String> pools();

	/**
	 * Return what an operator can do with a pool.
	 * @param name its name, as in {@code ipc.pools.<name>}
	 * @return the pool
	 * @throws IllegalArgumentException if there is no such pool
	 */
	PoolOperations pool(String name);

	/**
	 * Return the workers of a pool, to reach all of them or a certain one.
	 * @param pool its name
	 * @return those that run now, in the order of their slots; a dead one and its
	 * successor are different objects
	 * @throws IllegalArgumentException if there is no such pool
	 */
	List<ChildProcess> workers(String pool);

	/**
	 * Find a process by what exceptions, replies and events call it.
	 * @param id who it is
	 * @return the process, if it has a channel and runs
	 */
	Optional<ChildProcess> process(PeerId id);

	/**
	 * Fork a process and wait until it is ready.
	 * @param options what to fork
	 * @return the process, owned by the caller; it is ended with this application at the
	 * latest
	 * @throws io.ipcboot.pool.WorkerStartException if it cannot be forked or does not
	 * become ready, with the last lines that it printed
	 */
	ChildProcess fork(ForkOptions options);

	/**
	 * Fork a process and do not wait. Messages that are sent before it is ready wait for
	 * it.
	 * @param options what to fork
	 * @return the process, owned by the caller
	 * @throws io.ipcboot.pool.WorkerStartException if it cannot be forked
	 */
	ChildProcess start(ForkOptions options);

}
