package io.ipcboot.autoconfigure;

import io.ipcboot.messaging.DuplicateListenerException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that two listeners want the same destination.
 */
class DuplicateListenerFailureAnalyzer extends AbstractFailureAnalyzer<DuplicateListenerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, DuplicateListenerException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Remove the @IpcListener from one of the two, give it another destination, or let them listen in different "
						+ "roles with @IpcListener(role = ...).",
				cause);
	}

}
