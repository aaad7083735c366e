package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcRole;
import io.ipcboot.actuate.IpcEndpoint;
import io.ipcboot.actuate.IpcEndpointWebExtension;
import io.ipcboot.actuate.PoolSnapshots;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for {@link IpcEndpoint}, which only the parent has.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass({ IpcEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(ChildProcessOperations.class)
@ConditionalOnIpcRole(IpcRole.PARENT)
@ConditionalOnAvailableEndpoint(IpcEndpoint.class)
@EnableConfigurationProperties(IpcEndpointProperties.class)
public final class IpcEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IpcEndpoint ipcEndpoint(ChildProcessOperations processes, IpcEndpointProperties properties,
			ApplicationEventPublisher events) {
		return new IpcEndpoint(processes, new PoolSnapshots(processes), properties.timeout(), events);
	}

	@Bean
	@ConditionalOnBean(IpcEndpoint.class)
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	IpcEndpointWebExtension ipcEndpointWebExtension(IpcEndpoint endpoint) {
		return new IpcEndpointWebExtension(endpoint);
	}

}
