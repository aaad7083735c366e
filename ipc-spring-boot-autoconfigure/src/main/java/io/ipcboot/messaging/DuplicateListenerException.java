package io.ipcboot.messaging;

/**
 * Thrown when two listeners have the same destination.
 */
public class DuplicateListenerException extends IllegalStateException {

	private final String destination;

	private final String first;

	private final String second;

	DuplicateListenerException(String destination, Listener first, Listener second) {
		super("Two listeners have the destination '%s': %s and %s".formatted(destination, first.describe(),
				second.describe()));
		this.destination = destination;
		this.first = first.describe();
		this.second = second.describe();
	}

	/**
	 * Return the destination that both listeners have.
	 * @return the destination
	 */
	public String getDestination() {
		return this.destination;
	}

	/**
	 * Return the listener that was registered first.
	 * @return a description
	 */
	public String getFirst() {
		return this.first;
	}

	/**
	 * Return the listener that was to be registered second.
	 * @return a description
	 */
	public String getSecond() {
		return this.second;
	}

}
