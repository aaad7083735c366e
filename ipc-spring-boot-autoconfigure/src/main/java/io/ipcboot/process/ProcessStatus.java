package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * What the kernel tells about a process, proc_pid_status(5).
 */
public final class ProcessStatus {

	private ProcessStatus() {
	}

	/**
	 * Read a field.
	 * @param pid the process
	 * @param name the name of the field, {@code VmRSS} for example
	 * @return its value, or {@code null} if the process has just ended, has no such
	 * field, or runs on a system without such a file
	 */
	public static @Nullable String field(long pid, String name) {
		try {
			for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
				if (line.startsWith(name + ":")) {
					return line.substring(name.length() + 1).strip();
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			// there is nobody to ask
		}
		return null;
	}

}
