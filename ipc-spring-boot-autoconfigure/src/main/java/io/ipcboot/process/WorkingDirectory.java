package io.ipcboot.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The working directory that new processes inherit. It may have been removed since this
 * process started, for example by a deployment, and in such a directory no JVM starts.
 */
final class WorkingDirectory {

	private static final Log logger = LogFactory.getLog(WorkingDirectory.class);

	private static final String DELETED = " (deleted)";

	private static final AtomicBoolean REPORTED = new AtomicBoolean();

	private WorkingDirectory() {
	}

	/**
	 * Return the directory in which to start a process instead of the inherited one.
	 * @return the directory that has taken the place of the removed one or, if there is
	 * none, the root; {@code null} if the own directory is still there
	 */
	static @Nullable File substitute() {
		Path removed = removed();
		if (removed == null) {
			return null;
		}
		// not the directory for temporary files: an application reads its configuration
		// from its working directory, and every user can write to the former
		Path substitute = Files.isDirectory(removed) ? removed : Path.of("/");
		if (REPORTED.compareAndSet(false, true)) {
			logger.warn("The working directory %s of this process was removed; new processes start in %s"
				.formatted(removed, substitute));
		}
		return substitute.toFile();
	}

	/** Return the path that the directory had, if it was removed; proc_pid_cwd(5). */
	private static @Nullable Path removed() {
		try {
			String own = Files.readSymbolicLink(Path.of("/proc/self/cwd")).toString();
			return (own.endsWith(DELETED) && !Files.exists(Path.of(own)))
					? Path.of(own.substring(0, own.length() - DELETED.length())) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

}
