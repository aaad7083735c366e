package io.ipcboot.autoconfigure;

import java.io.IOException;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.messaging.ListenerRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

/**
 * The worker's side.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnIpcRole(IpcRole.WORKER)
class WorkerConfiguration {

	@Bean
	ParentProcess parentProcess(ObjectProvider<JsonMapper> mapper, Environment environment) throws IOException {
		ParentProcess parent = ParentProcess.connect();
		parent.configure(mapper.getIfUnique(() -> JsonMapper.builder().build()),
				ForkConfiguration.listenerExecutor(environment));
		return parent;
	}

	@Bean
	@ConditionalOnMissingBean
	ListenerRegistry ipcListenerRegistry(ParentProcess parent) {
		return parent.listeners();
	}

	@Bean
	WorkerLifecycle ipcWorkerLifecycle(ParentProcess parent) {
		return new WorkerLifecycle(parent);
	}

	@Bean
	ApplicationListener<ApplicationReadyEvent> ipcWorkerReadiness(ParentProcess parent, Environment environment) {
		return new WorkerReadiness(parent, ServingProcess.isThis(environment));
	}

	@Bean
	static RunnerSuppression ipcRunnerSuppression(Environment environment) {
		return new RunnerSuppression(environment);
	}

	@Bean
	static SchedulingSuppression ipcSchedulingSuppression(Environment environment) {
		return new SchedulingSuppression(environment);
	}

}
