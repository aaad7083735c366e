package io.ipcboot.pool;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.UntrustedText;

/**
 * Thrown when a message was not sent because it killed workers before.
 */
public class QuarantinedException extends IpcException {

	private final String id;

	QuarantinedException(String pool, String destination, String id, int deaths, long seconds) {
		this("The pool '%s' refuses a message for %s because %d workers died while they had the same message. "
			.formatted(pool, UntrustedText.name(destination), deaths)
				+ "It is accepted again in %,d s, or when the entry '%s' is released.".formatted(seconds, id), id);
	}

	QuarantinedException(String text, String id) {
		super(null, text);
		this.id = id;
	}

	/**
	 * Return the id with which the message can be released.
	 * @return the id of its entry
	 */
	public String getId() {
		return this.id;
	}

}
