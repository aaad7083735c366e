package io.ipcboot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which property of which pool is wrong.
 */
class InvalidPoolFailureAnalyzer extends AbstractFailureAnalyzer<InvalidPoolException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidPoolException cause) {
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"Correct the value below 'ipc.pools.%s'.".formatted(cause.getPool()), cause);
	}

}
