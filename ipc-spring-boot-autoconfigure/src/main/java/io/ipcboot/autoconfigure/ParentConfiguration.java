package io.ipcboot.autoconfigure;

import java.util.HashMap;
import java.util.Map;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.messaging.ListenerRegistry;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * Beans of the parent only.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnIpcRole(IpcRole.PARENT)
class ParentConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ParentProcess parentProcess() {
		return ParentProcess.none();
	}

	@Bean
	@ConditionalOnMissingBean
	ListenerRegistry ipcListenerRegistry() {
		return new ListenerRegistry();
	}

	/** Once for the template, which child contexts share. */
	@Bean
	@ConditionalOnBean(ChildProcessTemplate.class)
	@ConditionalOnMissingBean
	WorkerPoolLifecycle ipcWorkerPoolLifecycle(ChildProcessTemplate template, IpcProperties properties) {
		return new WorkerPoolLifecycle(template, properties.shutdownTimeout(), properties.keepAlive());
	}

	@Bean
	PoolAvailability ipcPoolAvailability(IpcProperties properties, ObjectProvider<IpcServerProperties> server,
			ApplicationEventPublisher publisher) {
		Map<String, OnDegraded> reactions = new HashMap<>();
		properties.pools().forEach((name, pool) -> {
			if (pool.onDegraded() != null) {
				reactions.put(name, pool.onDegraded());
			}
		});
		// without these workers, nobody accepts connections
		server.stream()
			.filter((each) -> !each.isParentAccepting())
			.forEach((each) -> reactions.putIfAbsent(each.pool(), OnDegraded.REFUSE_TRAFFIC));
		return new PoolAvailability(reactions, publisher);
	}

	@Bean
	ConnectionDetailsExport ipcConnectionDetailsExport(ListableBeanFactory beanFactory) {
		return new ConnectionDetailsExport(beanFactory);
	}

	@Bean
	RiskSearch ipcRiskSearch(ConfigurableListableBeanFactory beanFactory, Environment environment,
			ConnectionDetailsExport connectionDetails) {
		return new RiskSearch(beanFactory, environment, connectionDetails.lost());
	}

	@Bean
	RiskReport ipcRiskReport(RiskSearch search, IpcProperties properties) {
		return new RiskReport(search, properties);
	}

}
