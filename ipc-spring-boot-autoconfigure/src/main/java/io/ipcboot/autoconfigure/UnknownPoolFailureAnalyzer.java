package io.ipcboot.autoconfigure;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that a listener takes messages from a pool that does not exist.
 */
class UnknownPoolFailureAnalyzer extends AbstractFailureAnalyzer<UnknownPoolException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownPoolException cause) {
		String correction = cause.nearest().isEmpty() ? "Correct the name in 'from' of its @IpcListener"
				: "Correct the name in 'from' of its @IpcListener, probably to '%s'"
					.formatted(String.join("', '", cause.nearest()));
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				"%s, or configure the pool with 'ipc.pools.%s.size'. A pool of size 0 starts no workers."
					.formatted(correction, cause.unknown().get(0)),
				cause);
	}

}
