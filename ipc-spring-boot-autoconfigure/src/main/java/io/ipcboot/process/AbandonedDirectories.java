package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.ipcboot.channel.Polling;

/**
 * Removes the private directories of parents that have ended without doing so.
 */
final class AbandonedDirectories {

	/** A parent that lives has touched its directories many times within this time. */
	private static final Duration ABANDONED = Duration.ofDays(1);

	/** How long the other workers of a parent may need to see that none is left. */
	private static final Duration LAST_LOOK = Duration.ofMillis(200);

	private static final Duration PAUSE = Duration.ofMillis(5);

	private AbandonedDirectories() {
	}

	/**
	 * Remove the directories of parents that were killed together with their workers.
	 * @param own the lock that this JVM has just got
	 */
	static void sweep(ParentLock own) throws IOException {
		Path parent = own.directory();
		UserPrincipal owner = own.owner();
		FileTime old = FileTime.from(own.time().toInstant().minus(ABANDONED));
		for (Path file : list(parent, "ipc-parent-*")) {
			ParentLock abandoned = isOf(owner, file) ? ParentLock.takeOver(file) : null;
			if (abandoned != null) {
				List<Path> left = list(parent, HeldDirectories.PREFIX + abandoned.id() + "-*");
				if (left.stream().filter(DirectoryTree::remove).count() == left.size()) {
					abandoned.remove();
				}
				abandoned.close();
			}
			else if (file.toString().endsWith(ParentLock.UNNAMED) && isOf(owner, file) && isOlder(file, old)) {
				DirectoryTree.remove(file);
			}
		}
		// the lock file may have been removed for its age, but not that of a parent that
		// lives
		list(parent, HeldDirectories.PREFIX + "*").stream()
			.filter((directory) -> isDirectoryOf(owner, directory) && !Files.exists(lockFile(directory))
					&& isOlder(directory, old))
			.forEach(DirectoryTree::remove);
	}

	static boolean isDirectoryOf(UserPrincipal owner, Path directory) {
		return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS) && isOf(owner, directory);
	}

	private static boolean isOf(UserPrincipal owner, Path file) {
		try {
			return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).equals(owner);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static boolean isOlder(Path file, FileTime time) {
		try {
			return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).compareTo(time) < 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static Path lockFile(Path directory) {
		String name = directory.getFileName().toString();
		int start = HeldDirectories.PREFIX.length();
		return directory
			.resolveSibling(ParentLock.nameOf(name.substring(start, Math.max(start, name.lastIndexOf('-')))));
	}

	private static List<Path> list(Path parent, String pattern) {
		List<Path> found = new ArrayList<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent, pattern)) {
			entries.forEach(found::add);
		}
		catch (IOException | DirectoryIteratorException ex) {
			// the directory of another user, which has no directory of ours
		}
		return found;
	}

	/**
	 * Remove a directory of a parent that has ended and, with the last one, the file that
	 * has shown that the parent lived.
	 */
	static void removeOrphaned(Path directory) {
		DirectoryTree.remove(directory);
		Path lockFile = lockFile(directory);
		Path parent = Objects.requireNonNull(directory.getParent());
		Polling.await(() -> {
			if (list(parent, HeldDirectories.PREFIX + "*").stream()
				.map(AbandonedDirectories::lockFile)
				.anyMatch(lockFile::equals)) {
				return true;
			}
			ParentLock abandoned = ParentLock.takeOver(lockFile);
			if (abandoned != null) {
				abandoned.remove();
			}
			return !Files.exists(lockFile);
		}, PAUSE, LAST_LOOK);
	}

}
