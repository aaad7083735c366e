package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes that a process with a session of its own has started, and those started
 * by them, setsid(2).
 */
public final class Session {

	private static final Path PROC = Path.of("/proc");

	/** Somebody may fork while the others are being killed. */
	private static final int ROUNDS = 5;

	private Session() {
	}

	/**
	 * Kill all processes of a session whose first process has ended.
	 * @param id the process id of the first one
	 */
	static void killAll(long id) {
		for (int round = 0; round < ROUNDS; round++) {
			List<ProcessHandle> members = members(id);
			if (members.isEmpty()) {
				return;
			}
			members.forEach(ProcessHandle::destroyForcibly);
		}
	}

	/**
	 * Kill all other processes of the session of this process, if it is its own. To be
	 * called at the end, when there is no parent that would do so.
	 */
	public static void killOthers() {
		long own = ProcessHandle.current().pid();
		if (sessionOf(PROC.resolve(Long.toString(own))) == own) {
			killAll(own);
		}
	}

	private static List<ProcessHandle> members(long id) {
		List<ProcessHandle> members = new ArrayList<>();
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
			for (Path process : processes) {
				long pid = Long.parseLong(process.getFileName().toString());
				if (sessionOf(process) == id && pid != ProcessHandle.current().pid()) {
					ProcessHandle.of(pid).ifPresent(members::add);
				}
			}
		}
		catch (IOException ex) {
			// there is no such directory outside Linux
		}
		return members;
	}

	/**
	 * Read the sixth field of {@code /proc/[pid]/stat}, proc(5). The second one, in
	 * parentheses, may contain anything.
	 */
	private static long sessionOf(Path process) {
		try {
			String stat = Files.readString(process.resolve("stat"));
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", 5);
			return fields[0].equals("Z") ? -1 : Long.parseLong(fields[3]);
		}
		catch (IOException | RuntimeException ex) {
			// it has just ended
			return -1;
		}
	}

}
