package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of a session, setsid(2): a process with a session of its own, the
 * processes that it started, and the processes started by those.
 */
public final class Session {

	private static final Path PROC = Path.of("/proc");

	/** The number of passes: a process may fork while the others are being killed. */
	private static final int ROUNDS = 5;

	private Session() {
	}

	/**
	 * Kill all processes of a session whose first process has ended.
	 * @param id the process id of the first one
	 */
	static void killAll(long id) {
		// the id is free for others if no process of the session is left
		if (ProcessHandle.of(id).isEmpty()) {
			killMembers(id);
		}
	}

	private static void killMembers(long id) {
		for (int round = 0; round < ROUNDS; round++) {
			List<ProcessHandle> members = members(id);
			if (members.isEmpty()) {
				return;
			}
			members.forEach(ProcessHandle::destroyForcibly);
		}
	}

	/**
	 * Kill all other processes of the session of this process, if this process is the
	 * first of the session. To be called at the end, when there is no parent that would
	 * do so.
	 */
	public static void killOthers() {
		long own = ProcessHandle.current().pid();
		if (ProcessStatus.session(own) == own) {
			killMembers(own);
		}
	}

	private static List<ProcessHandle> members(long id) {
		List<ProcessHandle> members = new ArrayList<>();
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[1-9]*")) {
			for (Path process : processes) {
				long pid = Long.parseLong(process.getFileName().toString());
				// the handle first: it never means a later process with the same id
				ProcessHandle.of(pid)
					.filter((handle) -> ProcessStatus.session(pid) == id && pid != ProcessHandle.current().pid())
					.ifPresent(members::add);
			}
		}
		catch (IOException ex) {
			// there is no such directory outside Linux
		}
		return members;
	}

}
