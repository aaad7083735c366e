package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How a process is kept apart from others. The process gets a session of its own,
 * setsid(2), so that the processes that it starts are found and ended with it, and the
 * signals of keys pressed at the terminal do not reach it.
 *
 * @param commandPrefix a program and its arguments that start the process, such as
 * {@code prlimit} or {@code bwrap}
 * @param nice how much lower the priority is, 0 to 19, nice(1)
 * @param oomScore how much sooner than this process the system kills it if there is no
 * memory left, 0 to 1000, proc(5)
 * @param crashFiles keeps crash files
 */
public record Isolation(List<String> commandPrefix, int nice, int oomScore, CrashFiles crashFiles) {

	private static final String SET_SESSION = "setsid";

	private static final Path OWN_OOM_SCORE = Path.of("/proc/self/oom_score_adj");

	private static final int MAX_OOM_SCORE = 1000;

	/** The default isolation of a worker. */
	public static final Isolation DEFAULT = new Isolation(List.of(), 0, 200, CrashFiles.DEFAULT);

	public Isolation {
		commandPrefix = List.copyOf(commandPrefix);
		if (nice < 0 || nice > 19) {
			throw new IllegalArgumentException("The nice value of a worker must be from 0 to 19, but is " + nice);
		}
		if (oomScore < 0 || oomScore > MAX_OOM_SCORE) {
			throw new IllegalArgumentException("The OOM score of a worker must be from 0 to 1000, but is " + oomScore);
		}
	}

	/**
	 * Return the part of the command line that comes before the program.
	 */
	List<String> prefix() {
		List<String> prefix = new ArrayList<>();
		find(SET_SESSION).ifPresent(prefix::add);
		if (this.nice > 0) {
			prefix.addAll(List.of("nice", "-n", Integer.toString(this.nice)));
		}
		prefix.addAll(this.commandPrefix);
		return prefix;
	}

	private static Optional<String> find(String program) {
		String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
		return Stream.of(path.split(":"))
			.map((directory) -> Path.of(directory, program).toAbsolutePath())
			.filter(Files::isExecutable)
			.map(Path::toString)
			.findFirst();
	}

	/**
	 * Make the system kill the process before this one.
	 */
	void applyTo(long pid) {
		try {
			int own = Integer.parseInt(Files.readString(OWN_OOM_SCORE).strip());
			Files.writeString(Path.of("/proc", Long.toString(pid), "oom_score_adj"),
					Integer.toString(Math.min(MAX_OOM_SCORE, own + this.oomScore)));
		}
		catch (IOException | NumberFormatException ex) {
			// the process has ended already, or this is not Linux
		}
	}

}
