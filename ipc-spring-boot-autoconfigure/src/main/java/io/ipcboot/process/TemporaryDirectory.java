package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
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
	static Path createFile(String prefix, String suffix) throws IOException {
		return create(() -> Files.createTempFile(path(), prefix, suffix, permissions("rw-------")));
	}

	/** Create a directory that other users cannot read. */
	static Path createDirectory(String prefix) throws IOException {
		return create(() -> Files.createTempDirectory(path(), prefix, permissions("rwx------")));
	}

	private static FileAttribute<Set<PosixFilePermission>> permissions(String permissions) {
		return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
	}

	private static Path create(Creation creation) throws IOException {
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

	private interface Creation {

		Path create() throws IOException;

	}

}
