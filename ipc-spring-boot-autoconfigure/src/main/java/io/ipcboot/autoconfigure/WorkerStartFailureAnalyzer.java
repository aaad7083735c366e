package io.ipcboot.autoconfigure;

import io.ipcboot.pool.WorkerStartException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that a worker did not become ready.
 */
class WorkerStartFailureAnalyzer extends AbstractFailureAnalyzer<WorkerStartException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, WorkerStartException cause) {
		String action = (cause.getCause() instanceof InterruptedException)
				? "None if the application was stopped before it had started."
				: "Fix the problem that the worker reports in its output, which is quoted above and logged as 'ipc.worker'. "
						+ "The worker is this application with the profile 'worker'. Annotate beans that must not exist there "
						+ "with @ConditionalOnIpcRole(IpcRole.PARENT). If the worker is only slow to start, raise 'ipc.ready-timeout'.";
		return new FailureAnalysis(cause.getMessage(), action, cause);
	}

}
