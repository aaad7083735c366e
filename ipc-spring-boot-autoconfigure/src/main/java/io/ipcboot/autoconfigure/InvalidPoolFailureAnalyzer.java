package io.ipcboot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that the options of a pool are invalid.
 */
class InvalidPoolFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPoolException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPoolException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()), "Correct the properties under 'ipc.pools.%s'%s."
			.formatted(cause.getPool(), cause.isCustomized() ? ", or the beans of type ForkOptionsCustomizer" : ""),
				cause);
	}

}
