package io.ipcboot.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * How a process ended.
 *
 * @param pid the process id
 * @param code the exit code; 128 plus the number of the signal if one ended the process
 * @param signal the signal that ended the process, or {@code null}
 * @param uptime how long the process ran
 * @param lastLines the last lines on standard output and standard error; without a thread
 * dump that was requested because the process hung
 * @param outOfMemory whether the heap was full, or the system killed the process for lack
 * of memory
 * @param crashFile the file that the JVM wrote about a crash, or {@code null}
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
	 * Describe the exit and quote the last lines of the process, at most some kilobytes.
	 * @return one or more lines; the first describes the exit, the others are quoted
	 */
	public String describeWithOutput() {
		String crash = (this.crashFile != null) ? "; see " + this.crashFile : "";
		if (this.lastLines.isEmpty()) {
			return describe() + " and printed nothing" + crash;
		}
		return describe() + crash + "\nIts last lines were:" + UntrustedText.quote(this.lastLines);
	}

}
