package io.ipcboot.process;

/**
 * Where the lines go that a process prints.
 */
@FunctionalInterface
public interface ProcessOutput {

	/** The process writes to the standard output and standard error of this one. */
	ProcessOutput INHERIT = (line) -> {
	};

	/** Nothing is kept but the last lines, for the case that the process fails. */
	ProcessOutput DISCARD = (line) -> {
	};

	/**
	 * Take a line.
	 * @param line the line
	 */
	void accept(Line line);

	/**
	 * A line of output, at most 8 KB long; longer ones come in pieces.
	 *
	 * @param pid the process that printed it
	 * @param text the line without its end
	 * @param error whether it was printed to standard error
	 */
	record Line(long pid, String text, boolean error) {

	}

}
