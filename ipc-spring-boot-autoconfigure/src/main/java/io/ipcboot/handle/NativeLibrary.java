package io.ipcboot.handle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The native library of junixsocket, which is unpacked to a file before the JVM can load
 * it. The file needs a directory with some space, from which the system loads code. In
 * hardened containers the directory for temporary files often is none.
 */
final class NativeLibrary {

	private static final String DIRECTORY = "org.newsclub.net.unix.library.tmpdir";

	/** Ways to name a library that is a file already. */
	private static final List<String> FILES = List.of("org.newsclub.net.unix.library.override",
			"org.newsclub.net.unix.library.override.force");

	/** More than the size of the library. */
	private static final long SPACE = 1024 * 1024;

	/** The fields of a line before the mount point; proc_pid_mountinfo(5). */
	private static final int MOUNT_POINT = 4;

	/** Why the library cannot be unpacked, {@code null} if it can. */
	private static final @Nullable String PROBLEM = prepare();

	private NativeLibrary() {
	}

	/**
	 * Choose the directory, before junixsocket is used.
	 * @return why the library cannot be unpacked, {@code null} if it can
	 */
	static @Nullable String problem() {
		return PROBLEM;
	}

	private static @Nullable String prepare() {
		if (!Platform.LINUX || FILES.stream().anyMatch((property) -> System.getProperty(property) != null)) {
			return null;
		}
		String chosen = System.getProperty(DIRECTORY);
		if (chosen != null) {
			return problemOf(chosen);
		}
		List<String> problems = new ArrayList<>();
		List<String> candidates = Stream
			.of(System.getProperty("java.io.tmpdir"), "/dev/shm", "/var/tmp", System.getProperty("user.home"),
					System.getProperty("user.dir"))
			.filter(Objects::nonNull)
			.distinct()
			.toList();
		for (String candidate : candidates) {
			String problem = problemOf(candidate);
			if (problem == null) {
				if (!problems.isEmpty()) {
					System.setProperty(DIRECTORY, candidate);
				}
				return null;
			}
			problems.add(problem);
		}
		return String.join(", ", problems);
	}

	/**
	 * Return why a library cannot be loaded from a directory.
	 * @return the reason with the name of the directory, {@code null} if there is none
	 */
	static @Nullable String problemOf(String name) {
		try {
			Path directory = Path.of(name);
			if (!Files.isDirectory(directory)) {
				return name + (Files.exists(directory) ? " is not a directory" : " does not exist");
			}
			if (!Files.isWritable(directory)) {
				return name + " is not writable";
			}
			if (Files.getFileStore(directory).getUsableSpace() < SPACE) {
				return name + " is full";
			}
			return isNoExec(directory.toRealPath()) ? name + " is mounted noexec" : null;
		}
		catch (IOException | InvalidPathException ex) {
			return name + " cannot be used: " + ex;
		}
	}

	private static boolean isNoExec(Path directory) throws IOException {
		Path mounts = Path.of("/proc/self/mountinfo");
		return Files.isReadable(mounts) && isNoExec(directory, Files.readAllLines(mounts));
	}

	/** The last of several mounts at one place is the one that is seen. */
	static boolean isNoExec(Path directory, List<String> mounts) {
		Path longest = null;
		boolean noExec = false;
		for (String mount : mounts) {
			String[] fields = mount.split(" ");
			Path point = Path.of(fields[MOUNT_POINT].replace("\\040", " "));
			if (directory.startsWith(point) && (longest == null || point.getNameCount() >= longest.getNameCount())) {
				longest = point;
				noExec = List.of(fields[MOUNT_POINT + 1].split(",")).contains("noexec");
			}
		}
		return noExec;
	}

}
