package io.ipcboot.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param pid its process id
 * @param code its exit code; 128 plus the number of the signal if one ended it
 * @param signal the signal that ended it, or {@code null}
 * @param uptime how long it ran
 * @param lastLines the last lines that it printed to standard output and standard error,
 * without its threads if they were printed because it hung
 * @param outOfMemory whether its heap was full, or the system has killed it for its size
 * @param crashFile what its JVM has written about a crash, or {@code null}
 */
public record ProcessExit(long pid, int code, @Nullable Signal signal, Duration uptime, List<String> lastLines,
		boolean outOfMemory, @Nullable Path crashFile) {

	/**
	 * Describe the exit in a few words.
	 * @return for example {@code exited with code 3} or {@code was ended by SIGKILL}
	 */
	public String describe() {
		return (this.signal != null) ? "was ended by " + this.signal : "exited with code " + this.code;
	}

	/**
	 * Describe the exit and quote what the process printed last.
	 * @return one or more lines, of which the first says all but that
	 */
	public String describeWithOutput() {
		String crash = (this.crashFile != null) ? "; see " + this.crashFile : "";
		if (this.lastLines.isEmpty()) {
			return describe() + " and printed nothing" + crash;
		}
		return describe() + crash + "\nIts last lines were:\n\t" + String.join("\n\t", this.lastLines);
	}

}
