package io.ipcboot;

/**
 * A worker tried to fork, or to use a pool. Workers of workers are not supported: the
 * same application would fork itself without end.
 */
public class ForkInWorkerException extends IllegalStateException {

	ForkInWorkerException() {
		super("This process is a worker, and workers do not fork or use pools");
	}

}
