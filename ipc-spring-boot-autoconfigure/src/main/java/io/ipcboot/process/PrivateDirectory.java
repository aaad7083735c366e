package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A directory for the temporary files of one forked JVM, which other users cannot read.
 * When the JVM has ended, crash files are kept and the directory is removed.
 */
public final class PrivateDirectory {

	private static final String PREFIX = "ipc-worker-";

	private static final AtomicBoolean SWEPT = new AtomicBoolean();

	private final Path path;

	/** The crash files that have a place on another file system. */
	private final List<Path> uncopied = new ArrayList<>();

	private PrivateDirectory(Path path) {
		this.path = path;
	}

	static PrivateDirectory create() throws IOException {
		Path parent = TemporaryDirectory.path();
		if (SWEPT.compareAndSet(false, true)) {
			sweep(parent);
		}
		return new PrivateDirectory(TemporaryDirectory.createDirectory(PREFIX + ProcessHandle.current().pid() + "-"));
	}

	/**
	 * Remove the directories of parents that were killed together with their workers.
	 */
	private static void sweep(Path parent) {
		try (Stream<Path> all = Files.list(parent)) {
			all.filter(PrivateDirectory::isAbandoned).toList().forEach(PrivateDirectory::deleteTree);
		}
		catch (IOException ex) {
			// the directory of another user, which has no directory of ours
		}
	}

	private static boolean isAbandoned(Path directory) {
		String name = directory.getFileName().toString();
		try {
			long owner = name.startsWith(PREFIX)
					? Long.parseLong(name, PREFIX.length(), name.indexOf('-', PREFIX.length()), 10) : -1;
			return owner > 0 && ProcessHandle.of(owner).isEmpty() && Files.isDirectory(directory)
					&& Files.getOwner(directory).getName().equals(System.getProperty("user.name"));
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

	/**
	 * Return the flags that make a JVM use the directory.
	 */
	List<String> flags() {
		return List.of("-Djava.io.tmpdir=" + this.path, "-XX:ErrorFile=" + this.path.resolve("hs_err_pid%p.log"),
				"-XX:HeapDumpPath=" + this.path);
	}

	/**
	 * Keep the crash files of the ended JVM, as far as that takes no time.
	 * @return the most telling crash file, or {@code null} if there is none; the file may
	 * still have to be {@linkplain #copy copied}
	 */
	@Nullable Path place(CrashFiles crashFiles) {
		Path first = null;
		for (Path file : crashFiles.choose(this.path)) {
			CrashFiles.Place place = crashFiles.place(file);
			if (place != null && place.isElsewhere()) {
				this.uncopied.add(file);
			}
			if (first == null && place != null) {
				first = place.path();
			}
		}
		return first;
	}

	/** Copy the crash files that could not be moved. */
	void copy(CrashFiles crashFiles) {
		crashFiles.copyAll(this.uncopied);
	}

	Path path() {
		return this.path;
	}

	void close() {
		deleteTree(this.path);
	}

	/**
	 * Remove the directory of this JVM, if it has one and there is no parent that would
	 * remove it. To be called at the end.
	 * @param parentPid the process id that the parent had
	 */
	public static void removeOwn(long parentPid) {
		Path own = Path.of(System.getProperty("java.io.tmpdir"));
		Path name = own.getFileName();
		if (name != null && name.toString().startsWith(PREFIX + parentPid + "-")) {
			deleteTree(own);
		}
	}

	private static void deleteTree(Path root) {
		try {
			Files.walkFileTree(root, new SimpleFileVisitor<>() {

				@Override
				public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
					Files.deleteIfExists(file);
					return FileVisitResult.CONTINUE;
				}

				@Override
				public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException problem)
						throws IOException {
					Files.deleteIfExists(directory);
					return FileVisitResult.CONTINUE;
				}

			});
		}
		catch (IOException ex) {
			// the next parent that starts tries again
		}
	}

}
