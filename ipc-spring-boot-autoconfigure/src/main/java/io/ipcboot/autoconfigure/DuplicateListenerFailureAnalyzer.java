package io.ipcboot.autoconfigure;

import io.ipcboot.messaging.DuplicateListenerException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that two listeners have the same destination.
 */
class DuplicateListenerFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateListenerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateListenerException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Remove one of the two @IpcListener annotations, give it another destination, or restrict the listeners to "
						+ "different roles with @IpcListener(role = ...).",
				cause);
	}

}
