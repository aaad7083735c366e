package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.messaging.ListenerRegistry;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The parent's side.
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

	@Bean
	@ConditionalOnBean(ChildProcessTemplate.class)
	WorkerPoolLifecycle ipcWorkerPoolLifecycle(ChildProcessTemplate template, IpcProperties properties) {
		return new WorkerPoolLifecycle(template, properties.shutdownTimeout(), properties.keepAlive());
	}

}
