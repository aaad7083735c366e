package io.ipcboot.process;

/**
 * Consumes the lines of a process of which some are {@linkplain LoggedEvent logged
 * events}.
 */
public interface MarkedOutput extends ProcessOutput {

	/**
	 * Return what a logged event begins with.
	 * @return a text that the process knows, and that nobody guesses
	 */
	String marker();

}
