package io.ipcboot.autoconfigure;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.channel.Background;
import io.ipcboot.channel.IpcException;
import io.ipcboot.server.PortSharing;
import io.ipcboot.server.ServerDeparture;
import io.ipcboot.server.WorkerSockets;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Beans of workers that serve the parent's port.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnIpcRole(IpcRole.WORKER)
class ServerWorkerConfiguration {

	@Bean
	WorkerSockets ipcServerSockets(ServerDeparture departure, ParentProcess parent) {
		// at once, as calls of the parent may delay the end of the application
		parent.onLeave().thenRunAsync(departure::begin, Background.EXECUTOR);
		return new WorkerSockets(departure, parent.listeners(),
				(request) -> parent.call(WorkerSockets.LISTEN, request, WorkerSockets.answerType()),
				(connector) -> Background.EXECUTOR.execute(() -> reportJoined(parent, connector)));
	}

	private static void reportJoined(ParentProcess parent, int connector) {
		try {
			parent.destination(PortSharing.JOINED).message(connector).send();
		}
		catch (IpcException ex) {
			// this worker is leaving already
		}
	}

}
