package io.ipcboot.autoconfigure;

import io.ipcboot.handle.NativeLibraryException;
import io.ipcboot.handle.UnsupportedPlatformException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that this platform cannot pass sockets between processes.
 */
class UnsupportedPlatformFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedPlatformException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedPlatformException cause) {
		String action = (cause instanceof NativeLibraryException)
				? "Give this process a directory that has space and is not mounted noexec, for example a volume in memory "
						+ "(Docker: '--tmpfs /run/native:exec'; Kubernetes: an emptyDir volume), and name it with the "
						+ "JVM flag '-Dorg.newsclub.net.unix.library.tmpdir=<directory>'. Workers get the flag too."
				: "Run the application on Linux, or switch worker processes off with 'ipc.enabled=false'.";
		return new FailureAnalysis(cause.getMessage(), action, cause);
	}

}
