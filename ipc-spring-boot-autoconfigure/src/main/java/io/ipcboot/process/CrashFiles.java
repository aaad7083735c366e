package io.ipcboot.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the files in which JVMs wrote why they crashed, and heap dumps. They may hold
 * secrets, so other users cannot read them. Whatever a process left behind, keeping it
 * takes a bounded effort.
 *
 * @param directory the directory; created when there is something to keep
 * @param limit how many files are kept; the oldest go first, and one process gets half of
 * the room at most
 * @param maxSize how many bytes the files may have together; a larger file is not kept
 */
public record CrashFiles(Path directory, int limit, long maxSize) {

	private static final long DEFAULT_MAX_SIZE = 4L * 1024 * 1024 * 1024;

	/** How many files of a process are looked at; a JVM leaves one or two. */
	private static final int MAX_SEEN = 10_000;

	/** How long copying the files of a process to another file system may take. */
	private static final Duration MAX_COPYING = Duration.ofSeconds(30);

	/** The names that JVMs and kernels use; none of them can forge a line of a log. */
	private static final Pattern NAME = Pattern.compile("hs_err_[\\w.-]*|[\\w.-]*\\.hprof|core(\\.\\d+)?");

	private static final Log logger = LogFactory.getLog(CrashFiles.class);

	private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_DIRECTORY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

	private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE = PosixFilePermissions
		.asFileAttribute(PRIVATE);

	/** The default: at most ten files with 4 GB, in the directory for temporary files. */
	public static final CrashFiles DEFAULT = new CrashFiles(
			TemporaryDirectory.path().resolve("ipc-crashes-" + System.getProperty("user.name")), 10);

	/**
	 * Create a keeper of crash files with up to 4 GB.
	 * @param directory the directory
	 * @param limit how many files are kept
	 */
	public CrashFiles(Path directory, int limit) {
		this(directory, limit, DEFAULT_MAX_SIZE);
	}

	/**
	 * Return whether a file is a crash file.
	 */
	static boolean isCrashFile(Path file) {
		// a link could lead anywhere
		return NAME.matcher(file.getFileName().toString()).matches()
				&& Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Choose which files of a process are worth keeping, the most telling first.
	 * @param left the directory with what the process left behind, however much that is
	 */
	List<Path> choose(Path left) {
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> files = Files.newDirectoryStream(left)) {
			int seen = 0;
			for (Path file : files) {
				if (isCrashFile(file)) {
					found.add(file);
				}
				if (++seen == MAX_SEEN) {
					break;
				}
			}
		}
		catch (IOException | DirectoryIteratorException ex) {
			// the JVM removed the directory
		}
		found.sort(Comparator.comparing((Path file) -> !isReport(file)).thenComparing(Comparator.naturalOrder()));
		return found.subList(0, Math.min(found.size(), (this.limit + 1) / 2));
	}

	private static boolean isReport(Path file) {
		return file.getFileName().toString().startsWith("hs_err");
	}

	/**
	 * Move a file to its place and delete the oldest ones, if that takes no time.
	 * @return the place of the file, or {@code null} if the file cannot be kept
	 */
	synchronized @Nullable Place place(Path file) {
		Path target = this.directory.resolve(file.getFileName());
		try {
			requireSize(file);
			Files.createDirectories(this.directory, PRIVATE_DIRECTORY);
			requireOwn(file);
			// a file of that name is from an earlier process with the same id
			Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
			Files.setPosixFilePermissions(target, PRIVATE);
			forgetOldest();
			return new Place(target, false);
		}
		catch (AtomicMoveNotSupportedException ex) {
			return new Place(target, true);
		}
		catch (IOException | UncheckedIOException ex) {
			warn(file, ex);
			return null;
		}
	}

	private void warn(Path file, Exception problem) {
		logger.warn("The crash file " + file + " cannot be kept in " + this.directory + ": " + problem);
	}

	private void requireSize(Path file) throws IOException {
		long size = Files.size(file);
		if (size > this.maxSize) {
			throw new IOException("it has %,d bytes, and the limit is %,d".formatted(size, this.maxSize));
		}
	}

	/**
	 * Refuse a directory of another user. The name of the default directory can be
	 * guessed, and another user may have created it to read the files. A configured
	 * directory is the user's choice.
	 */
	private void requireOwn(Path file) throws IOException {
		if (this.directory.equals(DEFAULT.directory) && (Files.isSymbolicLink(this.directory)
				|| !Files.getOwner(this.directory).equals(Files.getOwner(file.toAbsolutePath().getParent())))) {
			throw new IOException(
					"the directory belongs to another user; set 'ipc.crash-files.directory' to one of your own");
		}
	}

	/**
	 * Copy files of a process to their places on another file system, as far as the time
	 * suffices.
	 */
	void copyAll(List<Path> files) {
		long deadline = System.nanoTime() + MAX_COPYING.toNanos();
		for (Path file : files) {
			Path target = this.directory.resolve(file.getFileName());
			try {
				Files.deleteIfExists(target);
				copy(file, target, deadline);
				forgetOldest();
			}
			catch (IOException | UncheckedIOException ex) {
				warn(file, ex);
				target.toFile().delete();
			}
		}
	}

	/**
	 * Copy a file. What is empty in a sparse file does not take any space in the copy
	 * either.
	 */
	private void copy(Path file, Path target, long deadline) throws IOException {
		ByteBuffer chunk = ByteBuffer.allocate(256 * 1024);
		long size = 0;
		boolean hole = false;
		try (FileChannel from = FileChannel.open(file, LinkOption.NOFOLLOW_LINKS);
				FileChannel to = FileChannel.open(target,
						Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), PRIVATE_FILE)) {
			while (from.read(chunk) >= 0) {
				chunk.flip();
				size += chunk.remaining();
				requireRest(size, deadline);
				hole = isEmpty(chunk);
				if (hole) {
					to.position(size);
				}
				while (!hole && chunk.hasRemaining()) {
					to.write(chunk);
				}
				chunk.clear();
			}
			if (hole) {
				to.write(ByteBuffer.allocate(1), size - 1);
			}
		}
	}

	private void requireRest(long size, long deadline) throws IOException {
		if (size > this.maxSize) {
			throw new IOException("it has more than %,d bytes".formatted(this.maxSize));
		}
		if (System.nanoTime() - deadline > 0) {
			throw new IOException("copying it takes more than " + MAX_COPYING.toSeconds() + " s");
		}
	}

	private static boolean isEmpty(ByteBuffer chunk) {
		for (int i = chunk.position(); i < chunk.limit(); i++) {
			if (chunk.get(i) != 0) {
				return false;
			}
		}
		return true;
	}

	private synchronized void forgetOldest() throws IOException {
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

	/**
	 * Where a file is kept.
	 *
	 * @param path the path of the kept file
	 * @param isElsewhere whether that is on another file system, so that the file has
	 * still to be copied
	 */
	record Place(Path path, boolean isElsewhere) {

	}

}
