package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;

import io.ipcboot.channel.Background;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The {@linkplain PrivateDirectory private directories} that exist because of this JVM.
 * As long as there is one, a {@link ParentLock} shows that no other JVM may remove them,
 * and they are kept from what removes old temporary files. Safe for use by several
 * threads.
 */
final class HeldDirectories {

	/** The directories of this JVM. */
	static final HeldDirectories OWN = new HeldDirectories();

	static final String PREFIX = "ipc-worker-";

	private static final Log logger = LogFactory.getLog(HeldDirectories.class);

	private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

	/**
	 * How often the directories are looked at; so long at most there are no temporary
	 * files after a directory was removed.
	 */
	private static final Duration INTERVAL = Duration.ofSeconds(10);

	private final Map<Path, Set<PosixFilePermission>> directories = new LinkedHashMap<>();

	/** The directories that are being removed. */
	private int leaving;

	private @Nullable ParentLock lock;

	private @Nullable Future<?> timer;

	/** Whether something is left for the next parent to remove. */
	private boolean remains;

	private boolean swept;

	private HeldDirectories() {
	}

	/** Create a directory that other users cannot read. */
	synchronized Path create() throws IOException {
		if (this.lock == null) {
			this.lock = ParentLock.hold(TemporaryDirectory.path());
			this.remains = false;
			watch(this.lock);
		}
		try {
			if (!this.swept) {
				this.swept = true;
				AbandonedDirectories.sweep(this.lock);
			}
			Path created = TemporaryDirectory.createDirectory(this.lock.directory(), PREFIX + this.lock.id() + "-");
			this.directories.put(created, PRIVATE);
			return created;
		}
		catch (IOException ex) {
			giveUpUnused();
			throw ex;
		}
	}

	/**
	 * Set who may use a directory.
	 * @param permissions its permissions, also if it has to be created again
	 */
	synchronized void permit(Path directory, Set<PosixFilePermission> permissions) throws IOException {
		this.directories.put(directory, permissions);
		Files.setPosixFilePermissions(directory, permissions);
	}

	/** Remove a directory. */
	void remove(Path directory) {
		synchronized (this) {
			if (this.directories.remove(directory) == null) {
				return;
			}
			this.leaving++;
		}
		boolean gone = DirectoryTree.remove(directory);
		synchronized (this) {
			this.leaving--;
			this.remains |= !gone;
			giveUpUnused();
		}
	}

	/** Give up the lock if nothing needs it. */
	private void giveUpUnused() {
		if (!this.directories.isEmpty() || this.leaving > 0 || this.lock == null) {
			return;
		}
		if (this.remains) {
			this.lock.close();
		}
		else {
			this.lock.remove();
		}
		this.lock = null;
		if (this.timer != null) {
			this.timer.cancel(false);
		}
	}

	private void watch(ParentLock held) {
		this.timer = Background.schedule(() -> {
			synchronized (this) {
				if (this.lock == held) {
					restore();
					watch(held);
				}
			}
		}, INTERVAL);
	}

	/**
	 * Create again what was removed by something else than this JVM, and let all look
	 * used.
	 */
	private void restore() {
		if (this.lock == null) {
			return;
		}
		FileTime now = null;
		try {
			now = this.lock.renew();
		}
		catch (IOException ex) {
			logger.debug("The lock of this process cannot be renewed", ex);
		}
		for (Path directory : this.directories.keySet()) {
			try {
				restore(directory);
				if (now != null) {
					TemporaryDirectory.touch(directory, now);
				}
			}
			catch (IOException ex) {
				logger.debug("A directory for temporary files cannot be restored", ex);
			}
		}
	}

	/**
	 * Create a directory again if it was removed.
	 * @throws IOException if that is impossible, or it belongs to another user by now
	 */
	synchronized void restore(Path directory) throws IOException {
		Set<PosixFilePermission> permissions = this.directories.get(directory);
		if (permissions == null || this.lock == null) {
			return;
		}
		if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
			Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
			Files.setPosixFilePermissions(directory, permissions);
			logger
				.warn(("The directory %s was removed while it was in use, and has been created again. Exclude 'ipc-*' "
						+ "from what removes old temporary files")
					.formatted(directory));
		}
		if (!AbandonedDirectories.isDirectoryOf(this.lock.owner(), directory)) {
			throw new IOException("The directory %s was replaced by something of another user".formatted(directory));
		}
	}

}
