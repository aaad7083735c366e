package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The status of a process as the kernel reports it, proc_pid_status(5).
 */
public final class ProcessStatus {

	/**
	 * The number of the field {@code starttime} among those that {@link #stat} returns.
	 */
	static final int START_TIME = 19;

	/** The number of the field {@code session}. */
	private static final int SESSION = 3;

	private ProcessStatus() {
	}

	/**
	 * Return when a process started. Together with the process id, this tells the process
	 * from all others.
	 * @param pid the process
	 * @return clock ticks since the boot of the system, or {@code null} if the process
	 * has ended, or the system has no such file
	 */
	static @Nullable String startTime(long pid) {
		List<String> fields = stat(pid);
		return (fields.size() > START_TIME) ? fields.get(START_TIME) : null;
	}

	/**
	 * Return the session of a process, setsid(2).
	 * @param pid the process
	 * @return the id of the session, or -1 if the process has ended, even if it is still
	 * a zombie
	 */
	static long session(long pid) {
		List<String> fields = stat(pid);
		return (fields.size() > SESSION && !fields.get(0).equals("Z")) ? Long.parseLong(fields.get(SESSION)) : -1;
	}

	/**
	 * Read {@code /proc/[pid]/stat}, proc_pid_stat(5).
	 * @return the fields behind the name of the program, which may contain anything; none
	 * if the process has just ended, or this is not Linux
	 */
	private static List<String> stat(long pid) {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
			return List.of(stat.substring(stat.lastIndexOf(')') + 2).strip().split(" "));
		}
		catch (IOException | RuntimeException ex) {
			return List.of();
		}
	}

	/**
	 * Return how much of a process is in memory.
	 * @param pid the process
	 * @return bytes; 0 if the process has just ended, or runs on a system without such a
	 * file
	 */
	public static long residentMemory(long pid) {
		String kilobytes = field(pid, "VmRSS");
		return (kilobytes != null) ? 1024 * Long.parseLong(kilobytes.replace("kB", "").strip()) : 0;
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
			// the process has just ended, or this is not Linux
		}
		return null;
	}

}
