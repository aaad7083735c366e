package io.ipcboot;

import io.ipcboot.process.ChannelEnvironment;

/**
 * What a process is. A fact known from the start of the JVM on, not a matter of
 * configuration.
 */
public enum IpcRole {

	/** Forks workers; also a process that has not forked any yet. */
	PARENT,

	/** Was forked with a channel to its parent. */
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
