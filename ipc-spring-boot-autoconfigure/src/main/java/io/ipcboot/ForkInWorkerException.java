package io.ipcboot;

/**
 * Thrown when a worker tried to fork, or to inspect or change a pool. Workers of workers
 * are not supported: the same application would fork itself without end.
 */
public class ForkInWorkerException extends IllegalStateException {

	ForkInWorkerException() {
		super("This process is a worker. A worker can send messages and calls to pools, but it cannot fork processes, "
				+ "and it cannot inspect or change pools. Let a listener in the parent do that, annotated with "
				+ "@IpcListener(role = IpcRole.PARENT), and call the listener through ParentProcess");
	}

}
