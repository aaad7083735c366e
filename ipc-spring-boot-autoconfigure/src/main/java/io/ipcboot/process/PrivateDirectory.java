package io.ipcboot.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * A directory for the temporary files of one forked JVM, which nobody else can read. It
 * is removed with the JVM; after crash files were taken out.
 */
public final class PrivateDirectory {

	private static final String PREFIX = "ipc-worker-";

	private static final AtomicBoolean SWEPT = new AtomicBoolean();

	private final Path path;

	private PrivateDirectory(Path path) {
		this.path = path;
	}

	static PrivateDirectory create() throws IOException {
		Path parent = Path.of(System.getProperty("java.io.tmpdir"));
		if (SWEPT.compareAndSet(false, true)) {
			sweep(parent);
		}
		return new PrivateDirectory(Files.createTempDirectory(parent, PREFIX + ProcessHandle.current().pid() + "-",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
	}

	/**
	 * Remove what is left from parents that were killed together with their workers.
	 */
	private static void sweep(Path parent) {
		try (Stream<Path> all = Files.list(parent)) {
			all.filter(PrivateDirectory::isAbandoned).toList().forEach(PrivateDirectory::deleteTree);
		}
		catch (IOException ex) {
			// somebody else's directory; nothing of ours is in it
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
	 * The JVM has ended: keep crash files.
	 * @return the most telling crash file, or {@code null} if there is none
	 */
	@Nullable Path keep(CrashFiles crashFiles) {
		List<Path> found = List.of();
		try (Stream<Path> files = Files.list(this.path)) {
			found = files.filter(CrashFiles::isCrashFile).sorted().toList();
		}
		catch (IOException | UncheckedIOException ex) {
			// the JVM has removed it
		}
		Path first = null;
		for (Path file : found) {
			Path kept = crashFiles.keep(file);
			first = (kept != null && (first == null || kept.getFileName().toString().startsWith("hs_err"))) ? kept
					: first;
		}
		return first;
	}

	void close() {
		deleteTree(this.path);
	}

	/**
	 * Remove the directory of this JVM, if it has one and there is no parent any more
	 * that would do so. To be called at the end.
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
