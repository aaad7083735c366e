package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Tells whether a process has ended because there was no memory left: what the JVM says,
 * or what the control group counts that the process shares with this one, cgroups(7).
 */
final class OutOfMemory {

	private static final String JVM_MESSAGE = "Terminating due to java.lang.OutOfMemoryError";

	private static final Path OWN_GROUP = Path.of("/proc/self/cgroup");

	private final long killsBefore = kills();

	/**
	 * Whether that ended the process.
	 */
	boolean hasEnded(@Nullable Signal signal, List<String> lastLines) {
		return lastLines.stream().anyMatch((line) -> line.startsWith(JVM_MESSAGE))
				|| (signal == Signal.KILL && kills() > this.killsBefore);
	}

	private static long kills() {
		try {
			for (String group : Files.readAllLines(OWN_GROUP)) {
				if (group.startsWith("0::")) {
					Path events = Path.of("/sys/fs/cgroup", group.substring(3), "memory.events");
					return Files.readAllLines(events)
						.stream()
						.filter((line) -> line.startsWith("oom_kill "))
						.mapToLong((line) -> Long.parseLong(line.substring("oom_kill ".length())))
						.sum();
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			// no control group of version 2 with a memory controller
		}
		return 0;
	}

}
