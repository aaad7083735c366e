package io.ipcboot.messaging;

/**
 * Thrown when a method or object cannot be a listener, whatever message it gets.
 */
public class InvalidListenerException extends IllegalArgumentException {

	private final String action;

	InvalidListenerException(String problem, String action) {
		super(problem + ". " + action);
		this.action = action;
	}

	/**
	 * Return how to correct the listener.
	 * @return one or more sentences
	 */
	public String getAction() {
		return this.action;
	}

}
