package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Reports at the start, in one block, what may go wrong because the application becomes
 * several processes.
 */
class RiskReport implements SmartInitializingSingleton {

	private static final Log logger = LogFactory.getLog(RiskReport.class);

	private final RiskSearch search;

	private final IpcProperties properties;

	RiskReport(RiskSearch search, IpcProperties properties) {
		this.search = search;
		this.properties = properties;
	}

	/** Before any worker starts. */
	@Override
	public void afterSingletonsInstantiated() {
		boolean several = this.properties.pools().values().stream().anyMatch((pool) -> !pool.size().equals("0"));
		if (!several || this.properties.risks() == RiskMode.IGNORE) {
			return;
		}
		Map<Risk, List<String>> risks = withoutAcknowledged(this.search.find(), this.properties.acknowledgedRisks());
		if (risks.isEmpty()) {
			return;
		}
		if (this.properties.risks() == RiskMode.FAIL) {
			throw new RisksException(describe(risks));
		}
		logger.warn(
				"This application runs in several processes, and that may change what it does:%n%s%nTo confirm that a risk is none here, add it to 'ipc.acknowledged-risks'. Each is explained in the guide's page 'existing-applications'."
					.formatted(describe(risks)));
	}

	private static Map<Risk, List<String>> withoutAcknowledged(Map<Risk, List<String>> found, Set<Risk> acknowledged) {
		Map<Risk, List<String>> risks = new TreeMap<>(found);
		risks.keySet().removeAll(acknowledged);
		return risks;
	}

	private static String describe(Map<Risk, List<String>> risks) {
		return risks.entrySet()
			.stream()
			.map((entry) -> "  %s: %s%n    %s. %s.".formatted(entry.getKey().id(), String.join(", ", entry.getValue()),
					entry.getKey().effect(), entry.getKey().remedy()))
			.collect(Collectors.joining(System.lineSeparator()));
	}

}
