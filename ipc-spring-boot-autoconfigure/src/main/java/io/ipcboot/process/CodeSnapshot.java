package io.ipcboot.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The files from which this application runs, as they were when it started. A deployment
 * may replace them meanwhile, and workers must run what this process runs. An archive
 * that was replaced is still there as long as this JVM has it open, so workers get a copy
 * of that. Safe for use by several threads.
 */
final class CodeSnapshot {

	private static final Log logger = LogFactory.getLog(CodeSnapshot.class);

	/**
	 * The part of an archive that tells it from others: the end of the directory, with
	 * the checksums of entries.
	 */
	private static final int TAIL = 64 * 1024;

	/** A class path may contain a directory with data of the application. */
	private static final int MAX_FILES = 50_000;

	private static final List<String> UNPACKED = List.of("BOOT-INF", "WEB-INF");

	private final List<Entry> entries;

	private @Nullable PrivateDirectory copies;

	private CodeSnapshot(List<Entry> entries) {
		this.entries = entries;
	}

	/**
	 * Remember files.
	 * @param paths archives and directories with classes
	 */
	static CodeSnapshot of(List<Path> paths) {
		return new CodeSnapshot(paths.stream().map(Entry::of).toList());
	}

	/**
	 * Return where the remembered files are now.
	 * @return as many paths as were remembered, in the same order
	 * @throws ChangedCodeException if a file is not there any more as it was
	 */
	synchronized List<Path> paths() {
		return this.entries.stream().map(this::locate).toList();
	}

	private Path locate(Entry entry) {
		if (entry.archive != null) {
			return locate(entry, entry.archive);
		}
		if (!entry.classes.isEmpty() && !entry.reported) {
			Path changed = changed(entry);
			if (changed != null && entry.unpacked) {
				throw new ChangedCodeException(changed, "has changed");
			}
			if (changed != null) {
				entry.reported = true;
				logger.warn(
						"%s has changed since this application started, so new workers run other code than this process"
							.formatted(changed));
			}
		}
		return entry.path;
	}

	private static @Nullable Path changed(Entry entry) {
		Map<Path, Stamp> now = Entry.classes(entry.path, entry.unpacked);
		return Stream.concat(entry.classes.keySet().stream(), now.keySet().stream())
			.filter((file) -> !Objects.equals(entry.classes.get(file), now.get(file)))
			.findFirst()
			.orElse(null);
	}

	private Path locate(Entry entry, Archive archive) {
		if (archive.isAt(entry.path)) {
			return entry.path;
		}
		// a link may lead to another directory by now
		if (archive.isAt(entry.real)) {
			return entry.real;
		}
		if (entry.copy == null || !archive.isAt(entry.copy)) {
			Path open = openFile(archive);
			if (open == null) {
				throw new ChangedCodeException(entry.path,
						Files.exists(entry.path) ? "was overwritten" : "was deleted");
			}
			entry.copy = copy(open, entry);
			logger.warn("%s was replaced since this application started; new workers run from a copy of what it was, %s"
				.formatted(entry.path, entry.copy));
		}
		return entry.copy;
	}

	/** Find the archive among the files that this JVM has open; proc_pid_fd(5). */
	private static @Nullable Path openFile(Archive archive) {
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			for (Path descriptor : descriptors) {
				if (archive.isOpenAs(descriptor)) {
					return descriptor;
				}
			}
		}
		catch (IOException ex) {
			// not Linux
		}
		return null;
	}

	private Path copy(Path open, Entry entry) {
		try {
			return Files.copy(open, target(Integer.toString(this.entries.indexOf(entry)), entry.path));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return a copy of the first archive that has no other files beside it, so that the
	 * relative names in its manifest lead nowhere.
	 * @param archive where the archive is now
	 */
	synchronized Path withoutNeighbours(Path archive) {
		Entry entry = this.entries.get(0);
		if (!archive.equals(entry.copy) && entry.archive != null
				&& (entry.copy == null || !entry.archive.isAt(entry.copy))) {
			entry.copy = copy(archive, entry);
		}
		return (entry.copy != null) ? entry.copy : archive;
	}

	/** Return a path in a directory of its own, with the name that a file has. */
	private Path target(String directory, Path file) throws IOException {
		if (this.copies == null) {
			PrivateDirectory created = PrivateDirectory.create();
			Runtime.getRuntime().addShutdownHook(new Thread(created::close, "ipc-remove-code"));
			// a worker may run as another user
			created.share();
			this.copies = created;
		}
		this.copies.restore();
		Path target = Files.createDirectories(this.copies.path().resolve(directory)).resolve(file.getFileName());
		Files.deleteIfExists(target);
		return target;
	}

	/**
	 * A part of the class path.
	 */
	private static final class Entry {

		private final Path path;

		private final Path real;

		/** The archive, {@code null} if the part is a directory or is missing. */
		private final @Nullable Archive archive;

		/** The classes and archives in the directory. */
		private final Map<Path, Stamp> classes;

		/** Whether the directory is an executable archive that was unpacked. */
		private final boolean unpacked;

		private @Nullable Path copy;

		private boolean reported;

		private Entry(Path path, Path real, @Nullable Archive archive, Map<Path, Stamp> classes, boolean unpacked) {
			this.path = path;
			this.real = real;
			this.archive = archive;
			this.classes = classes;
			this.unpacked = unpacked;
		}

		static Entry of(Path path) {
			try {
				Path real = path.toRealPath();
				if (Files.isDirectory(real)) {
					boolean unpacked = UNPACKED.stream().anyMatch((part) -> Files.isDirectory(real.resolve(part)));
					return new Entry(path, real, null, classes(path, unpacked), unpacked);
				}
				return new Entry(path, real, Archive.of(real), Map.of(), false);
			}
			catch (IOException ex) {
				return new Entry(path, path, null, Map.of(), false);
			}
		}

		/** Of an unpacked archive, which may be a home directory too, only its code. */
		private static Map<Path, Stamp> classes(Path directory, boolean unpacked) {
			List<Path> roots = unpacked ? UNPACKED.stream().map(directory::resolve).filter(Files::isDirectory).toList()
					: List.of(directory);
			Map<Path, Stamp> classes = new HashMap<>();
			for (Path root : roots) {
				try (Stream<Path> files = Files.walk(root)) {
					files.limit(MAX_FILES).filter(Entry::isCode).forEach((file) -> classes.put(file, Stamp.of(file)));
				}
				catch (IOException | UncheckedIOException ex) {
					// what cannot be read was not read by this JVM either
				}
			}
			return classes;
		}

		private static boolean isCode(Path file) {
			String name = file.toString();
			return name.endsWith(".class") || name.endsWith(".jar");
		}

	}

	/**
	 * Size and time of the last change of a file.
	 */
	private record Stamp(long size, @Nullable FileTime modified) {

		static Stamp of(Path file) {
			try {
				BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
				return new Stamp(attributes.size(), attributes.lastModifiedTime());
			}
			catch (IOException ex) {
				return new Stamp(-1, null);
			}
		}

	}

	/**
	 * What tells an archive from others.
	 *
	 * @param key the identity of the file in its file system
	 * @param tail a checksum of the end
	 */
	private record Archive(@Nullable Object key, Stamp stamp, long tail) {

		static Archive of(Path file) throws IOException {
			return new Archive(Files.readAttributes(file, BasicFileAttributes.class).fileKey(), Stamp.of(file),
					tailOf(file));
		}

		boolean isAt(Path file) {
			try {
				BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
				return (Objects.equals(this.key, attributes.fileKey()) && this.stamp.equals(Stamp.of(file)))
						|| (attributes.size() == this.stamp.size && tailOf(file) == this.tail);
			}
			catch (IOException ex) {
				return false;
			}
		}

		boolean isOpenAs(Path descriptor) {
			try {
				return Objects.equals(this.key, Files.readAttributes(descriptor, BasicFileAttributes.class).fileKey())
						&& isAt(descriptor);
			}
			catch (IOException ex) {
				return false;
			}
		}

		private static long tailOf(Path file) throws IOException {
			try (SeekableByteChannel channel = Files.newByteChannel(file)) {
				channel.position(Math.max(0, channel.size() - TAIL));
				ByteBuffer tail = ByteBuffer.allocate(TAIL);
				while (tail.hasRemaining() && channel.read(tail) >= 0) {
					// until the end
				}
				CRC32 checksum = new CRC32();
				checksum.update(tail.flip());
				return checksum.getValue();
			}
		}

	}

}
