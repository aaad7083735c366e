package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/**
 * Beans of workers only.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnIpcRole(IpcRole.WORKER)
@EnableConfigurationProperties(LifecycleProperties.class)
class WorkerConfiguration {

	@Bean
	ParentProcess parentProcess(ObjectProvider<JsonMapper> mapper, Environment environment, Interceptors interceptors)
			throws IOException {
		ParentProcess parent = ParentProcess.connect();
		parent.configure(mapper.getIfUnique(() -> JsonMapper.builder().build()),
				ForkConfiguration.listenerExecutor(environment), interceptors);
		return parent;
	}

	@Bean
	@ConditionalOnMissingBean
	ListenerRegistry ipcListenerRegistry(ParentProcess parent, Environment environment) {
		return WorkerEnvironmentPostProcessor.isElsewhere(environment) ? new ListenerRegistry() : parent.listeners();
	}

	@Bean
	@ConditionalOnBooleanProperty(name = WorkerEnvironmentPostProcessor.ELSEWHERE, havingValue = false,
			matchIfMissing = true)
	WorkerLifecycle ipcWorkerLifecycle(ParentProcess parent, WorkerReadiness readiness) {
		return new WorkerLifecycle(parent, readiness);
	}

	@Bean
	@ConditionalOnBooleanProperty(name = WorkerEnvironmentPostProcessor.ELSEWHERE, havingValue = false,
			matchIfMissing = true)
	WorkerReadiness ipcWorkerReadiness(ParentProcess parent, Environment environment) {
		return new WorkerReadiness(parent, environment);
	}

	@Bean(AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME)
	@ConditionalOnMissingBean(name = AbstractApplicationContext.LIFECYCLE_PROCESSOR_BEAN_NAME,
			search = SearchStrategy.CURRENT)
	static WorkerLifecycleProcessor ipcWorkerLifecycleProcessor(LifecycleProperties properties,
			Environment environment) {
		WorkerLifecycleProcessor processor = new WorkerLifecycleProcessor(environment,
				ServingProcess.isThis(environment));
		processor.setTimeoutPerShutdownPhase(TimeUnit.MILLISECONDS.convert(properties.getTimeoutPerShutdownPhase()));
		return processor;
	}

	@Bean
	static SchedulingSuppression ipcSchedulingSuppression(Environment environment) {
		return new SchedulingSuppression(environment);
	}

	@Bean
	static MigrationSuppression ipcMigrationSuppression(Environment environment) {
		return new MigrationSuppression(environment);
	}

	@Bean
	static InitializationSuppression ipcDatabaseServerSuppression() {
		return InitializationSuppression.ofDatabaseServers();
	}

}
