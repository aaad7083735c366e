package io.ipcboot;

import io.ipcboot.process.ChannelEnvironment;

/**
 * The role of a process, which is determined when the JVM starts and cannot be
 * configured.
 */
public enum IpcRole {

	/** A process that forks workers, or may do so. */
	PARENT,

	/** A process that was forked with a channel to its parent. */
	WORKER;

	private static final IpcRole CURRENT = ChannelEnvironment.isPresent() ? WORKER : PARENT;

	/**
	 * Return the role of this process.
	 * @return the role
	 */
	public static IpcRole current() {
		return CURRENT;
	}

}
