package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.server.PortSettings;
import io.ipcboot.server.PortSharing;
import io.ipcboot.server.ParentSockets;
import io.ipcboot.server.ServerDeparture;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Beans of the parent that let workers serve its port.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnIpcRole(IpcRole.PARENT)
class ServerParentConfiguration {

	@Bean
	ParentSockets ipcServerSockets(ServerDeparture departure, IpcServerProperties properties) {
		return new ParentSockets(departure, properties.isParentAccepting());
	}

	@Bean
	PortSharing ipcPortSharing(ChildProcessTemplate template, ListenerRegistry registry, ParentSockets sockets,
			IpcServerProperties properties, IpcProperties pools) {
		if (!pools.pools().containsKey(properties.pool())) {
			throw new NoServingPoolException(properties.pool());
		}
		PortSharing sharing = new PortSharing(
				new PortSettings(properties.pool(), properties.scheduling(), properties.maxConnectionsPerWorker()),
				sockets, registry, (slot, reason) -> template.pool(properties.pool()).recycle(slot, reason),
				template.portObserver());
		template.observe(sharing);
		return sharing;
	}

	/**
	 * Opens the sockets before the pools start, as workers ask for their addresses.
	 * Depends on the port sharing, which answers workers, even where beans are lazy.
	 */
	@Bean
	ServerSocketsLifecycle ipcServerSocketsOpening(ParentSockets sockets, PortSharing sharing) {
		return new ServerSocketsLifecycle(WorkerPoolLifecycle.PHASE - 1, sockets::open, sockets::close);
	}

	/**
	 * Releases the sockets before the pools stop, so that workers accept the last
	 * connections.
	 */
	@Bean
	ServerSocketsLifecycle ipcServerSocketsRelease(PortSharing sharing) {
		return new ServerSocketsLifecycle(WorkerPoolLifecycle.PHASE + 1, () -> {
		}, sharing::close);
	}

}
