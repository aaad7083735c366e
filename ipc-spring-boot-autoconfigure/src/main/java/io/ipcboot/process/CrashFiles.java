package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
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
 */
public record CrashFiles(Path directory, int limit) {

	private static final Pattern NAME = Pattern.compile("hs_err_.*|.*\\.hprof|core(\\.\\d+)?");

	private static final Log logger = LogFactory.getLog(CrashFiles.class);

	private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private static final Set<PosixFilePermission> PRIVATE_FILE = PosixFilePermissions.fromString("rw-------");

	/** At most ten files in the directory for temporary files. */
	public static final CrashFiles DEFAULT = new CrashFiles(
			Path.of(System.getProperty("java.io.tmpdir"), "ipc-crashes-" + System.getProperty("user.name")), 10);

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
			Files.createDirectories(this.directory, PRIVATE_DIRECTORY);
			Path kept = Files.move(file, this.directory.resolve(file.getFileName()));
			Files.setPosixFilePermissions(kept, PRIVATE_FILE);
			forgetOldest();
			return kept;
		}
		catch (IOException ex) {
			logger.warn("The crash file " + file + " cannot be kept in " + this.directory + ": " + ex);
			return null;
		}
	}

	private void forgetOldest() throws IOException {
		List<Path> files;
		try (Stream<Path> all = Files.list(this.directory)) {
			files = all.filter(CrashFiles::isCrashFile).sorted(Comparator.comparing(CrashFiles::age)).toList();
		}
		for (Path old : files.subList(0, Math.max(0, files.size() - this.limit))) {
			Files.deleteIfExists(old);
		}
	}

	private static long age(Path file) {
		return file.toFile().lastModified();
	}

}
