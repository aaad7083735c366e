package io.ipcboot.autoconfigure;

import io.ipcboot.process.ApplicationCode.NoMainClassException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that the main class of the workers is unknown.
 */
class NoMainClassFailureAnalyzer extends AbstractFailureAnalyzer<NoMainClassException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoMainClassException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set 'ipc.main-class' to the class with the main method that starts this application.", cause);
	}

}
