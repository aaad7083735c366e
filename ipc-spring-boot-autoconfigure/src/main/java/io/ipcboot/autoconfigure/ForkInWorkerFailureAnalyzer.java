package io.ipcboot.autoconfigure;

import io.ipcboot.ForkInWorkerException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that a worker cannot fork.
 */
class ForkInWorkerFailureAnalyzer extends AbstractFailureAnalyzer<ForkInWorkerException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ForkInWorkerException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Restrict the bean that forks, or inspects a pool, while the application starts to the parent: annotate it with "
						+ "@ConditionalOnIpcRole(IpcRole.PARENT).",
				cause);
	}

}
