package io.ipcboot.process;

/**
 * Consumes the lines that a process prints.
 */
@FunctionalInterface
public interface ProcessOutput {

	/** Lets the process write to the standard output and standard error of this one. */
	ProcessOutput INHERIT = (line) -> {
	};

	/**
	 * Drops the lines, except for the last lines, which are quoted in the description of
	 * the exit.
	 */
	ProcessOutput DISCARD = (line) -> {
	};

	/**
	 * Consume a line.
	 * @param line the line
	 */
	void accept(Line line);

	/**
	 * A line of output, at most 8 KB long; longer lines come in pieces.
	 *
	 * @param pid the process that printed the line
	 * @param text the line without its end
	 * @param error whether the line was printed to standard error
	 */
	record Line(long pid, String text, boolean error) {

	}

}
