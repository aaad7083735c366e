package io.ipcboot.autoconfigure;

import io.ipcboot.TooManyWorkersException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that there would be too many workers.
 */
class TooManyWorkersFailureAnalyzer extends AbstractFailureAnalyzer<TooManyWorkersException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TooManyWorkersException cause) {
		return new FailureAnalysis(cause.getMessage(),
				"Lower 'ipc.pools.<name>.size' or 'spares', or raise 'ipc.max-workers'. By default, that limit is what "
						+ "the memory and the file descriptors of this machine or container can bear at the most.",
				cause);
	}

}
