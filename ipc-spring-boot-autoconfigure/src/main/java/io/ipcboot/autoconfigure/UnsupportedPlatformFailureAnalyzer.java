package io.ipcboot.autoconfigure;

import io.ipcboot.handle.UnsupportedPlatformException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that this platform cannot pass sockets between processes.
 */
class UnsupportedPlatformFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedPlatformException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedPlatformException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Run the application on Linux, or switch worker processes off with 'ipc.enabled=false'.", cause);
	}

}
