package io.ipcboot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that there is no pool to serve the port.
 */
class NoServingPoolFailureAnalyzer extends AbstractFailureAnalyzer<NoServingPoolException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoServingPoolException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Set 'ipc.pools.%s.size' to the number of workers that should serve, or 'ipc.server.pool' to an existing pool."
					.formatted(cause.getPool()),
				cause);
	}

}
