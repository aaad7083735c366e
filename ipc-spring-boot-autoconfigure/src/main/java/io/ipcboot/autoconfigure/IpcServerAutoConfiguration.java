package io.ipcboot.autoconfigure;

import io.ipcboot.ParentProcess;
import io.ipcboot.server.ServerDeparture;
import io.ipcboot.server.ServedRequests;

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
		ServletRequestsConfiguration.class })
public final class IpcServerAutoConfiguration {

	@Bean
	ServerDeparture ipcServerDeparture() {
		return new ServerDeparture();
	}

	@Bean
	ServedRequests ipcServedRequests(ServerDeparture departure, IpcServerProperties properties, ParentProcess parent) {
		String identity = parent.isConnected() ? parent.self().pool() + "/" + parent.self().slot() : "parent";
		return new ServedRequests(departure, identity + " " + ProcessHandle.current().pid(),
				properties.responseHeader());
	}

	@Bean
	ServerDepartureLifecycle ipcServerDepartureLifecycle(ServerDeparture departure, IpcServerProperties properties) {
		return new ServerDepartureLifecycle(departure, properties.drainTimeout());
	}

}
