package io.ipcboot.autoconfigure;

import io.ipcboot.ParentProcess;
import io.ipcboot.channel.IpcException;
import io.ipcboot.server.ListenerSharing;
import io.ipcboot.server.RequestLimits;
import io.ipcboot.server.Retirement;
import io.ipcboot.server.ServedRequests;
import io.ipcboot.server.ServerDeparture;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration for workers that serve HTTP on the application's own port.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass(WebServer.class)
@ConditionalOnBean(ParentProcess.class)
@Conditional(OnServingProcessCondition.class)
@EnableConfigurationProperties(IpcServerProperties.class)
@Import({ ServerParentConfiguration.class, ServerWorkerConfiguration.class, TomcatSharingConfiguration.class,
		JettySharingConfiguration.class, NettySharingConfiguration.class, ServletRequestsConfiguration.class,
		ReactiveRequestsConfiguration.class })
public final class IpcServerAutoConfiguration {

	@Bean
	ServerDeparture ipcServerDeparture() {
		return new ServerDeparture();
	}

	@Bean
	ServedRequests ipcServedRequests(ServerDeparture departure, IpcServerProperties properties, ParentProcess parent) {
		long pid = ProcessHandle.current().pid();
		if (!parent.isConnected()) {
			return new ServedRequests(departure, () -> "parent " + pid, properties.responseHeader(),
					RequestLimits.none());
		}
		RequestLimits limits = new RequestLimits(properties.maxRequestsPerWorker(), properties.maxRequestsJitter(),
				properties.requestTimeout(), (reason) -> retire(parent, reason));
		ServedRequests requests = new ServedRequests(departure,
				() -> parent.self().pool() + "/" + parent.self().slot() + " " + pid, properties.responseHeader(),
				limits);
		// which may ask the parent for something
		parent.finishFirst(() -> departure.isOver(properties.drainTimeout()) && requests.isIdle());
		return requests;
	}

	private static void retire(ParentProcess parent, String reason) {
		try {
			parent.destination(ListenerSharing.RETIRE).message(new Retirement(reason)).send();
		}
		catch (IpcException ex) {
			// this worker leaves already
		}
	}

	@Bean
	ServerDepartureLifecycle ipcServerDepartureLifecycle(ServerDeparture departure, IpcServerProperties properties,
			ObjectProvider<ListenerSharing> sharing) {
		return new ServerDepartureLifecycle(departure, properties.drainTimeout(),
				() -> sharing.ifAvailable(ListenerSharing::closeUnlessServed));
	}

}
