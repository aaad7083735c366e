package io.ipcboot.autoconfigure;

import java.util.List;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that a property does not exist.
 */
class UnknownPropertyFailureAnalyzer extends AbstractFailureAnalyzer<UnknownPropertyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnknownPropertyException cause) {
		List<String> nearest = cause.nearest();
		String action = nearest.isEmpty() ? "Remove it. " : "Correct the name, probably to %s, or remove it. "
			.formatted("'" + String.join("', '", nearest) + "'");
		return new FailureAnalysis(String.valueOf(cause.getMessage()),
				action + "All properties under 'ipc' are listed on the page \"Configuration\" of the guide.", cause);
	}

}
