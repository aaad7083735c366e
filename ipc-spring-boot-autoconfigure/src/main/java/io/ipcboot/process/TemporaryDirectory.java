package io.ipcboot.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The directory for temporary files. Its path may be relative to the working directory of
 * this process, which need not be that of a process that gets the path of a file.
 */
final class TemporaryDirectory {

	private TemporaryDirectory() {
	}

	static Path path() {
		return Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
	}

	/** Create a file that other users cannot read. */
	static Path createFile(Path parent, String prefix, String suffix) throws IOException {
		return create(() -> Files.createTempFile(parent, prefix, suffix, permissions("rw-------")));
	}

	/** Create a file that other users cannot read and that is not there yet. */
	static FileChannel createChannel(Path file) throws IOException {
		return create(() -> FileChannel.open(file,
				Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
				permissions("rw-------")));
	}

	/**
	 * Create a directory that other users cannot read.
	 * @param parent the directory for temporary files
	 * @param prefix the beginning of the name
	 */
	static Path createDirectory(Path parent, String prefix) throws IOException {
		return create(() -> Files.createTempDirectory(parent, prefix, permissions("rwx------")));
	}

	/**
	 * Let a directory look used to what removes old temporary files.
	 * @param now the time by the clock of the file system
	 */
	static void touch(Path directory, FileTime now) throws IOException {
		Files.getFileAttributeView(directory, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.setTimes(now, now, null);
	}

	private static FileAttribute<Set<PosixFilePermission>> permissions(String permissions) {
		return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
	}

	private static <T> T create(Creation<T> creation) throws IOException {
		try {
			return creation.create();
		}
		catch (IOException ex) {
			throw new IOException("the directory for temporary files, %s (java.io.tmpdir), %s. Name a directory with "
				.formatted(path(), problem(ex)) + "space that this process may write to with -Djava.io.tmpdir, "
					+ "which in a container may be a volume in memory", ex);
		}
	}

	private static String problem(IOException ex) {
		if (!Files.isDirectory(path())) {
			return Files.exists(path()) ? "is not a directory" : "does not exist";
		}
		String reason = (ex instanceof FileSystemException system) ? system.getReason() : null;
		return "cannot be used: " + ((reason != null) ? reason : ex);
	}

	private interface Creation<T> {

		T create() throws IOException;

	}

}
