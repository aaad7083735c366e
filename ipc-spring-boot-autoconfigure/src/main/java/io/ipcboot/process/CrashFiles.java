package io.ipcboot.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Where the files are kept in which JVMs have written why they have crashed, and heap
 * dumps. They may hold secrets, so nobody else can read them.
 *
 * @param directory the directory; created when there is something to keep
 * @param limit how many files are kept; the oldest go first
 * @param maxSize how many bytes they may have together; a larger file is not kept at all
 */
public record CrashFiles(Path directory, int limit, long maxSize) {

	private static final long DEFAULT_MAX_SIZE = 4L * 1024 * 1024 * 1024;

	private static final Pattern NAME = Pattern.compile("hs_err_.*|.*\\.hprof|core(\\.\\d+)?");

	private static final Log logger = LogFactory.getLog(CrashFiles.class);

	private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

	/** At most ten files and 4 GB in the directory for temporary files. */
	public static final CrashFiles DEFAULT = new CrashFiles(
			Path.of(System.getProperty("java.io.tmpdir"), "ipc-crashes-" + System.getProperty("user.name")), 10);

	/**
	 * Keep files of up to 4 GB.
	 * @param directory the directory
	 * @param limit how many files are kept
	 */
	public CrashFiles(Path directory, int limit) {
		this(directory, limit, DEFAULT_MAX_SIZE);
	}

	/**
	 * Whether a file tells of a crash.
	 */
	static boolean isCrashFile(Path file) {
		// a link could lead anywhere
		return NAME.matcher(file.getFileName().toString()).matches()
				&& Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Keep a file, and forget the oldest ones.
	 * @return where it is now, or {@code null} if that failed
	 */
	synchronized @Nullable Path keep(Path file) {
		try {
			requireSize(file);
			Files.createDirectories(this.directory, PRIVATE_DIRECTORY);
			requireOwn(file);
			// one of that name is of a process that had the same id once
			Path kept = Files.move(file, this.directory.resolve(file.getFileName()),
					StandardCopyOption.REPLACE_EXISTING);
			Files.setPosixFilePermissions(kept, PRIVATE_FILE);
			forgetOldest();
			return kept;
		}
		catch (IOException | UncheckedIOException ex) {
			logger.warn("The crash file " + file + " cannot be kept in " + this.directory + ": " + ex);
			return null;
		}
	}

	private void requireSize(Path file) throws IOException {
		long size = Files.size(file);
		if (size > this.maxSize) {
			throw new IOException("it has %,d bytes, and the limit is %,d".formatted(size, this.maxSize));
		}
	}

	/**
	 * The name of the default directory can be guessed, and somebody else may have been
	 * there first to read what is put there. One that was configured is the user's
	 * choice.
	 */
	private void requireOwn(Path file) throws IOException {
		if (this.directory.equals(DEFAULT.directory) && (Files.isSymbolicLink(this.directory)
				|| !Files.getOwner(this.directory).equals(Files.getOwner(file.toAbsolutePath().getParent())))) {
			throw new IOException("the directory belongs to somebody else; set another one, ipc.crash-files.directory");
		}
	}

	private void forgetOldest() throws IOException {
		List<Path> files;
		try (Stream<Path> all = Files.list(this.directory)) {
			files = all.filter(CrashFiles::isCrashFile)
				.sorted(Comparator.comparing(CrashFiles::age).reversed())
				.toList();
		}
		long size = 0;
		for (int i = 0; i < files.size(); i++) {
			size += Files.size(files.get(i));
			if (i >= this.limit || size > this.maxSize) {
				Files.deleteIfExists(files.get(i));
			}
		}
	}

	private static long age(Path file) {
		return file.toFile().lastModified();
	}

}
