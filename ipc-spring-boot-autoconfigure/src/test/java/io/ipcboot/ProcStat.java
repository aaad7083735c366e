package io.ipcboot;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the kernel says of a process, proc_pid_stat(5).
 */
public final class ProcStat {

	private ProcStat() {
	}

	/**
	 * Return the fields behind the name, which may contain anything.
	 * @param pid the process; may be a zombie
	 * @return the state, the parent and so on; empty if there is no such process
	 */
	public static List<String> of(long pid) {
		try {
			String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
			return List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" "));
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Whether a process runs; a zombie has ended, though its parent may take its time to
	 * collect it.
	 */
	public static boolean isRunning(long pid) {
		List<String> fields = of(pid);
		return !fields.isEmpty() && !fields.get(0).equals("Z");
	}

	/**
	 * Whether all threads of a process are stopped: one that still runs may answer what
	 * it is told.
	 */
	public static boolean isStopped(long pid) {
		try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
			return threads.map((thread) -> of(Long.parseLong(thread.getFileName().toString())))
				.allMatch((fields) -> !fields.isEmpty() && fields.get(0).equals("T"));
		}
		catch (IOException ex) {
			return false;
		}
	}

}
