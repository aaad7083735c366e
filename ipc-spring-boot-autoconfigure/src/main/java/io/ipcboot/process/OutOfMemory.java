package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Determines whether a process ended because there was no memory left: either its JVM
 * printed so, or the control group that the process shares with this one counted a kill,
 * cgroups(7). Each counted kill explains one death. Safe for use by several threads.
 */
final class OutOfMemory {

	private static final String JVM_MESSAGE = "Terminating due to java.lang.OutOfMemoryError";

	private final LongSupplier kills;

	/** How many kills are explained; guarded by this. */
	private long explained;

	/**
	 * @param kills returns how many processes of the group were killed so far
	 */
	OutOfMemory(LongSupplier kills) {
		this.kills = kills;
		this.explained = kills.getAsLong();
	}

	/**
	 * Watch the control group of this process. Earlier kills do not count.
	 */
	static OutOfMemory ofOwnGroup() {
		return new OutOfMemory(() -> kills(Path.of("/proc/self/cgroup"), Path.of("/sys/fs/cgroup")));
	}

	/**
	 * Return whether a lack of memory ended the process.
	 */
	boolean hasEnded(@Nullable Signal signal, List<String> lastLines) {
		if (lastLines.stream().anyMatch((line) -> line.startsWith(JVM_MESSAGE))) {
			return true;
		}
		return signal == Signal.KILL && takeKill();
	}

	private synchronized boolean takeKill() {
		boolean killed = this.kills.getAsLong() > this.explained;
		if (killed) {
			this.explained++;
		}
		return killed;
	}

	/**
	 * Read the counter of the control group, of version 2 or 1.
	 * @return how many processes the control group killed, 0 if that is not known
	 */
	static long kills(Path ownGroup, Path root) {
		try {
			for (String line : Files.readAllLines(ownGroup)) {
				String[] group = line.split(":", 3);
				if (group[0].equals("0") && group[1].isEmpty()) {
					return count(Path.of(root.toString(), group[2], "memory.events"));
				}
				if (List.of(group[1].split(",")).contains("memory")) {
					return count(Path.of(root.toString(), "memory", group[2], "memory.oom_control"));
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			// there is no memory controller that we may read
		}
		return 0;
	}

	private static long count(Path events) throws IOException {
		return Files.readAllLines(events)
			.stream()
			.filter((line) -> line.startsWith("oom_kill "))
			.mapToLong((line) -> Long.parseLong(line.substring("oom_kill ".length())))
			.sum();
	}

}
