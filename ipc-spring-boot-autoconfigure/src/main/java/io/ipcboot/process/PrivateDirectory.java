package io.ipcboot.process;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A directory for the temporary files of one forked JVM, which other users cannot read.
 * When the JVM has ended, crash files are kept and the directory is removed.
 */
public final class PrivateDirectory {

	private final Path path;

	/** The crash files that have a place on another file system. */
	private final List<Path> uncopied = new ArrayList<>();

	private PrivateDirectory(Path path) {
		this.path = path;
	}

	static PrivateDirectory create() throws IOException {
		return new PrivateDirectory(HeldDirectories.OWN.create());
	}

	/** Let other users read the directory. */
	void share() throws IOException {
		HeldDirectories.OWN.permit(this.path, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	/**
	 * Create the directory again if something else has removed it.
	 * @throws IOException if that is impossible
	 */
	void restore() throws IOException {
		HeldDirectories.OWN.restore(this.path);
	}

	/**
	 * Return the flags that make a JVM use the directory.
	 */
	List<String> flags() {
		return List.of("-Djava.io.tmpdir=" + this.path, "-XX:ErrorFile=" + this.path.resolve("hs_err_pid%p.log"),
				"-XX:HeapDumpPath=" + this.path);
	}

	/**
	 * Keep the crash files of the ended JVM, as far as that takes no time.
	 * @return the most telling crash file, or {@code null} if there is none; the file may
	 * still have to be {@linkplain #copy copied}
	 */
	@Nullable Path place(CrashFiles crashFiles) {
		Path first = null;
		for (Path file : crashFiles.choose(this.path)) {
			CrashFiles.Place place = crashFiles.place(file);
			if (place != null && place.isElsewhere()) {
				this.uncopied.add(file);
			}
			if (first == null && place != null) {
				first = place.path();
			}
		}
		return first;
	}

	/** Copy the crash files that could not be moved. */
	void copy(CrashFiles crashFiles) {
		crashFiles.copyAll(this.uncopied);
	}

	Path path() {
		return this.path;
	}

	void close() {
		HeldDirectories.OWN.remove(this.path);
	}

	/**
	 * Remove the directory of this JVM, if it has one and there is no parent that would
	 * remove it. To be called at the end.
	 * @param parentPid the process id that the parent had
	 */
	public static void removeOwn(long parentPid) {
		Path own = Path.of(System.getProperty("java.io.tmpdir"));
		Path name = own.getFileName();
		if (name != null && name.toString().startsWith(HeldDirectories.PREFIX + parentPid + "-")) {
			AbandonedDirectories.removeOrphaned(own);
		}
	}

}
