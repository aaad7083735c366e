package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.server.ListenerSharing;
import io.ipcboot.server.ParentListeners;
import io.ipcboot.server.ServerDeparture;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * The parent's side of serving with workers.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnIpcRole(IpcRole.PARENT)
class ServerParentConfiguration {

	@Bean
	ParentListeners ipcServerListeners(ServerDeparture departure, IpcServerProperties properties) {
		return new ParentListeners(departure, properties.isParentAccepting());
	}

	@Bean
	ListenerSharing ipcListenerSharing(ChildProcessTemplate template, ListenerRegistry registry,
			ParentListeners listeners, IpcServerProperties properties, IpcProperties pools) {
		if (!pools.pools().containsKey(properties.pool())) {
			throw new NoServingPoolException(properties.pool());
		}
		ListenerSharing sharing = new ListenerSharing(properties.pool(), listeners, properties.scheduling(), registry,
				(slot, reason) -> template.pool(properties.pool()).recycle(slot, reason));
		template.observe(sharing);
		return sharing;
	}

	/**
	 * Before the pools start, whose workers ask where the listeners are. Needs what
	 * answers them, even where beans are lazy.
	 */
	@Bean
	ServerListenersLifecycle ipcServerListenersOpening(ParentListeners listeners, ListenerSharing sharing) {
		return new ServerListenersLifecycle(WorkerPoolLifecycle.PHASE - 1, listeners::open, listeners::close);
	}

	/** Before the pools stop, so that what waits last is still accepted by workers. */
	@Bean
	ServerListenersLifecycle ipcServerListenersRelease(ListenerSharing sharing) {
		return new ServerListenersLifecycle(WorkerPoolLifecycle.PHASE + 1, () -> {
		}, sharing::close);
	}

}
