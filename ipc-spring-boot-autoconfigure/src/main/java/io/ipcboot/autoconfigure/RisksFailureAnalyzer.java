package io.ipcboot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains which risks keep the application from starting.
 */
class RisksFailureAnalyzer extends AbstractFailureAnalyzer<RisksException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RisksException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Apply the remedies, add the risks that are none here to 'ipc.acknowledged-risks', or set 'ipc.risks' to 'warn'.",
				cause);
	}

}
