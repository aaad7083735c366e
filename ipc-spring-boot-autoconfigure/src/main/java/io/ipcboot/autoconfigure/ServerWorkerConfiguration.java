package io.ipcboot.autoconfigure;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.channel.Background;
import io.ipcboot.server.ServerDeparture;
import io.ipcboot.server.WorkerListeners;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * A worker's side of serving.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnIpcRole(IpcRole.WORKER)
class ServerWorkerConfiguration {

	@Bean
	WorkerListeners ipcServerListeners(ServerDeparture departure, ParentProcess parent) {
		// at once, whatever calls of the parent have to be finished before the
		// application is closed
		parent.onLeave().thenRunAsync(departure::begin, Background.EXECUTOR);
		return new WorkerListeners(departure, parent.listeners(),
				(request) -> parent.call(WorkerListeners.LISTEN, request, WorkerListeners.answerType()));
	}

}
