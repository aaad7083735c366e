package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Removes a directory with everything in it, whatever a process has left there. No link
 * is followed. Directories are moved up to the root of the tree before they are removed,
 * so that the depth of the tree costs no descriptors and no path gets too long.
 */
final class DirectoryTree {

	/**
	 * The time after which the rest is left to the next parent that starts; a process
	 * that escaped may go on creating files.
	 */
	private static final Duration MAX_TIME = Duration.ofMinutes(5);

	private final long deadline = System.nanoTime() + MAX_TIME.toNanos();

	private final String prefix = ".ipc-" + UUID.randomUUID() + "-";

	private final Path root;

	/** The root's own directory. */
	private final SecureDirectoryStream<Path> parent;

	private long moved;

	private DirectoryTree(Path root, SecureDirectoryStream<Path> parent) {
		this.root = root;
		this.parent = parent;
	}

	/**
	 * Remove a directory, as far as that is possible.
	 * @param directory the directory; if it is a link, only the link is removed
	 * @return whether it is gone
	 */
	static boolean remove(Path directory) {
		Path root = directory.toAbsolutePath();
		try (DirectoryStream<Path> parent = Files.newDirectoryStream(Objects.requireNonNull(root.getParent()))) {
			if (parent instanceof SecureDirectoryStream<Path> secure) {
				new DirectoryTree(root, secure).remove();
			}
			else {
				removeByPath(root);
			}
		}
		catch (IOException ex) {
			// the next parent that starts tries again
		}
		return !Files.exists(root, LinkOption.NOFOLLOW_LINKS);
	}

	private void remove() throws IOException {
		Path name = this.root.getFileName();
		boolean progress = true;
		while (progress && !removeEmpty(this.parent, name)) {
			progress = false;
			makeAccessible(this.root);
			try (SecureDirectoryStream<Path> top = open(this.parent, name)) {
				for (Path entry : top) {
					progress |= removeEntry(top, entry.getFileName());
				}
			}
			catch (DirectoryIteratorException ex) {
				throw ex.getCause();
			}
		}
	}

	/**
	 * Remove an entry of the root, or move directories out of it.
	 * @return whether there is less left
	 */
	private boolean removeEntry(SecureDirectoryStream<Path> top, Path name) {
		if (System.nanoTime() - this.deadline > 0) {
			return false;
		}
		if (removeEmpty(top, name)) {
			return true;
		}
		Path directory = this.root.resolve(name);
		boolean progress = false;
		makeAccessible(directory);
		try (SecureDirectoryStream<Path> entries = open(top, name)) {
			for (Path entry : entries) {
				Path child = entry.getFileName();
				progress |= removeEmpty(entries, child) || moveUp(entries, directory.resolve(child), top);
			}
		}
		catch (IOException | DirectoryIteratorException ex) {
			return progress;
		}
		return removeEmpty(top, name) || progress;
	}

	private boolean moveUp(SecureDirectoryStream<Path> from, Path directory, SecureDirectoryStream<Path> top) {
		// moving a directory changes the directory itself too
		makeAccessible(directory);
		try {
			from.move(directory.getFileName(), top, Path.of(this.prefix + this.moved++));
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static SecureDirectoryStream<Path> open(SecureDirectoryStream<Path> parent, Path name) throws IOException {
		return parent.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Remove what is no directory, or an empty one.
	 * @return whether it is gone
	 */
	private static boolean removeEmpty(SecureDirectoryStream<Path> parent, Path name) {
		try {
			parent.deleteFile(name);
			return true;
		}
		catch (NoSuchFileException ex) {
			return true;
		}
		catch (IOException ex) {
			return removeEmptyDirectory(parent, name);
		}
	}

	private static boolean removeEmptyDirectory(SecureDirectoryStream<Path> parent, Path name) {
		try {
			parent.deleteDirectory(name);
			return true;
		}
		catch (NoSuchFileException ex) {
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** A process may have taken away the rights that its own user has. */
	private static void makeAccessible(Path directory) {
		try {
			if (Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
					&& !(Files.isReadable(directory) && Files.isWritable(directory) && Files.isExecutable(directory))) {
				Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
			}
		}
		catch (IOException ex) {
			// it belongs to another user
		}
	}

	/** Where directories cannot be opened without following links. */
	private static void removeByPath(Path root) throws IOException {
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

}
