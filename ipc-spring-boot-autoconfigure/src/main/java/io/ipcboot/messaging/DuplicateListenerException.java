package io.ipcboot.messaging;

/**
 * Two listeners want the same destination.
 */
public class DuplicateListenerException extends IllegalStateException {

	private final String destination;

	private final String first;

	private final String second;

	DuplicateListenerException(String destination, Listener first, Listener second) {
		super("Two listeners want the destination '%s': %s and %s".formatted(destination, first.describe(),
				second.describe()));
		this.destination = destination;
		this.first = first.describe();
		this.second = second.describe();
	}

	/**
	 * Return the destination that both want.
	 * @return the destination
	 */
	public String getDestination() {
		return this.destination;
	}

	/**
	 * Return the listener that was there first.
	 * @return a description
	 */
	public String getFirst() {
		return this.first;
	}

	/**
	 * Return the listener that came second.
	 * @return a description
	 */
	public String getSecond() {
		return this.second;
	}

}
