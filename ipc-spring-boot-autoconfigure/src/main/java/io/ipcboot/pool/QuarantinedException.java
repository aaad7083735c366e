package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;

/**
 * The message has killed workers before and was not sent.
 */
public class QuarantinedException extends IpcException {

	private final String id;

	QuarantinedException(String pool, String destination, String id, int deaths, long seconds) {
		super(null,
				"The pool '%s' refuses a message for '%s' because %d workers have died while they had the same one. "
					.formatted(pool, destination, deaths)
						+ "It may run again in %,d s, or when '%s' is released.".formatted(seconds, id));
		this.id = id;
	}

	/**
	 * Return what identifies the message, to release it.
	 * @return the id of its entry
	 */
	public String getId() {
		return this.id;
	}

}
