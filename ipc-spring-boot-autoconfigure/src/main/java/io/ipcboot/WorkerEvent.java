package io.ipcboot;

import io.ipcboot.channel.PeerId;
import io.ipcboot.pool.WorkerState;
import org.springframework.context.ApplicationEvent;

/**
 * Base class of the events that a worker entered a state. Events are published one after
 * the other on a separate thread, so a listener may call the worker.
 */
public abstract sealed class WorkerEvent extends ApplicationEvent
		permits WorkerStartingEvent, WorkerReadyEvent, WorkerDrainingEvent, WorkerExitedEvent {

	private final transient ChildProcess process;

	private final WorkerState state;

	WorkerEvent(ChildProcess process, WorkerState state) {
		super(process);
		this.process = process;
		this.state = state;
	}

	/**
	 * Return the worker.
	 * @return the process
	 */
	public ChildProcess getProcess() {
		return this.process;
	}

	/**
	 * Return the identity of the worker.
	 * @return pool, slot and process id
	 */
	public PeerId getWorker() {
		return this.process.id();
	}

	/**
	 * Return the state that the worker entered.
	 * @return the state
	 */
	public WorkerState getState() {
		return this.state;
	}

	@Override
	public String toString() {
		return getWorker() + " is " + this.state;
	}

}
