package io.ipcboot.autoconfigure;

import io.ipcboot.ParentProcess;
import io.ipcboot.channel.IpcException;
import io.ipcboot.server.PortSharing;
import io.ipcboot.server.RequestLimits;
import io.ipcboot.server.Retirement;
import io.ipcboot.server.ServedRequests;
import io.ipcboot.server.ServerDeparture;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.server.WebServer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration for workers that serve HTTP on the application's own port. In a
 * hierarchy of contexts, it belongs to the one that has the web server.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass(WebServer.class)
@ConditionalOnBean(ParentProcess.class)
@ConditionalOnWebApplication
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
		// requests may still call the parent
		parent.finishFirst(() -> departure.isOver(properties.drainTimeout()) && requests.isIdle());
		return requests;
	}

	private static void retire(ParentProcess parent, String reason) {
		try {
			parent.destination(PortSharing.RETIRE).message(new Retirement(reason)).send();
		}
		catch (IpcException ex) {
			// this worker is leaving already
		}
	}

	@Bean
	ServerDepartureLifecycle ipcServerDepartureLifecycle(ServerDeparture departure, IpcServerProperties properties,
			ObjectProvider<PortSharing> sharing) {
		return new ServerDepartureLifecycle(departure, properties.drainTimeout(),
				() -> sharing.ifAvailable(PortSharing::closeUnlessServed));
	}

}
