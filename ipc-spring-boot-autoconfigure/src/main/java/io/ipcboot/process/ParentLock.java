package io.ipcboot.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserPrincipal;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Shows to other JVMs that a parent lives, also to JVMs in other containers, which cannot
 * tell that from a process id. The parent holds a lock on a file, fcntl_locking(2), which
 * ends with the parent however that ends.
 * <p>
 * Such a lock belongs to the process and ends when any descriptor of the file is closed.
 * So no JVM may open a lock file of its own a second time, and the name of a lock file
 * shows which JVM it belongs to. A file gets its name when it is locked, so nobody finds
 * it without a lock before.
 */
final class ParentLock implements Closeable {

	private static final String PREFIX = "ipc-parent-";

	private static final String SUFFIX = ".lock";

	private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+-(\\p{XDigit}{8})\\p{XDigit}{8})\\.lock");

	/** Tells this JVM from others; the same for all class loaders. */
	private static final String JVM = (String) System.getProperties()
		.computeIfAbsent("io.ipcboot.jvm", (name) -> random());

	/** The end of the name of a file that is not locked yet. */
	static final String UNNAMED = ".new";

	private final Path file;

	private final UserPrincipal owner;

	private FileChannel channel;

	private @Nullable Object key;

	private ParentLock(Path file, FileChannel channel) throws IOException {
		this.file = file;
		this.owner = Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
		this.channel = channel;
		this.key = keyOf(file);
	}

	private static String random() {
		return UUID.randomUUID().toString().substring(0, 8);
	}

	/**
	 * Show that this JVM lives.
	 * @param directory the directory for temporary files
	 */
	static ParentLock hold(Path directory) throws IOException {
		Path file = directory.resolve(nameOf(ProcessHandle.current().pid() + "-" + JVM + random()));
		FileChannel channel = openLocked(file);
		try {
			return new ParentLock(file, channel);
		}
		catch (IOException ex) {
			channel.close();
			Files.deleteIfExists(file);
			throw ex;
		}
	}

	private static FileChannel openLocked(Path file) throws IOException {
		Path unnamed = file.resolveSibling(file.getFileName() + UNNAMED);
		FileChannel channel = TemporaryDirectory.createChannel(unnamed);
		try {
			lock(channel);
			Files.move(unnamed, file, StandardCopyOption.ATOMIC_MOVE);
			return channel;
		}
		catch (IOException ex) {
			channel.close();
			Files.deleteIfExists(unnamed);
			throw ex;
		}
	}

	private static void lock(FileChannel channel) {
		try {
			channel.tryLock();
		}
		catch (IOException ex) {
			// where this JVM cannot lock a file, no other can do so
		}
	}

	/**
	 * Take over the lock of a parent that has ended.
	 * @param file a file
	 * @return the lock, or {@code null} if the parent lives, or it is unknown whether it
	 * does
	 */
	static @Nullable ParentLock takeOver(Path file) {
		Matcher name = NAME.matcher(file.getFileName().toString());
		// opening a pipe might block
		if (!name.matches() || name.group(2).equals(JVM) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
			return null;
		}
		try {
			Object key = keyOf(file);
			FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
			ParentLock lock = null;
			try {
				lock = (isLocked(channel) && Objects.equals(keyOf(file), key)) ? new ParentLock(file, channel) : null;
				return lock;
			}
			finally {
				if (lock == null) {
					channel.close();
				}
			}
		}
		catch (IOException ex) {
			// another JVM has just removed the file
			return null;
		}
	}

	private static boolean isLocked(FileChannel channel) {
		try {
			return channel.tryLock() != null;
		}
		catch (IOException | OverlappingFileLockException ex) {
			return false;
		}
	}

	/** Return the id that is part of the names of everything that the lock is for. */
	String id() {
		String name = this.file.getFileName().toString();
		return name.substring(PREFIX.length(), name.length() - SUFFIX.length());
	}

	/** Return the user who owns the file. */
	UserPrincipal owner() {
		return this.owner;
	}

	static String nameOf(String id) {
		return PREFIX + id + SUFFIX;
	}

	/** The directory for temporary files. */
	Path directory() {
		return Objects.requireNonNull(this.file.getParent());
	}

	/**
	 * Keep the file from being removed for its age. If that has happened, show again that
	 * this JVM lives.
	 * @return the time by the clock of the file system
	 */
	FileTime renew() throws IOException {
		if (!this.channel.isOpen() || this.key == null || !this.key.equals(keyIfPresent())) {
			FileChannel renewed = openLocked(this.file);
			this.channel.close();
			this.channel = renewed;
			this.key = keyOf(this.file);
		}
		// not by the path: that would open the file and, when it is closed, end the lock
		this.channel.write(ByteBuffer.allocate(1), 0);
		this.channel.read(ByteBuffer.allocate(1), 0);
		return time();
	}

	/** Return when the file was last written. */
	FileTime time() throws IOException {
		return Files.getLastModifiedTime(this.file, LinkOption.NOFOLLOW_LINKS);
	}

	private @Nullable Object keyIfPresent() {
		try {
			return keyOf(this.file);
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static @Nullable Object keyOf(Path file) throws IOException {
		return Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey();
	}

	/** Remove the file, since there is nothing any more that the lock is for. */
	void remove() {
		try {
			Files.deleteIfExists(this.file);
		}
		catch (IOException ex) {
			// the next parent that starts tries again
		}
		close();
	}

	/** Give up the lock; the file stays for the next parent that starts. */
	@Override
	public void close() {
		try {
			this.channel.close();
		}
		catch (IOException ex) {
			// nothing was written
		}
	}

}
