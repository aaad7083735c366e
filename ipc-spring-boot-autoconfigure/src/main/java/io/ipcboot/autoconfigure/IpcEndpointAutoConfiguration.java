package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcRole;
import io.ipcboot.actuate.IpcEndpoint;
import io.ipcboot.actuate.IpcEndpointWebExtension;
import io.ipcboot.actuate.PoolSnapshots;
import io.ipcboot.actuate.WorkerOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.EndpointAccessResolver;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration for {@link IpcEndpoint}, which only the parent has.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass({ IpcEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(ChildProcessOperations.class)
@ConditionalOnIpcRole(IpcRole.PARENT)
@ConditionalOnAvailableEndpoint(IpcEndpoint.class)
@EnableConfigurationProperties(IpcEndpointProperties.class)
@Import(PoolSnapshotsConfiguration.class)
public final class IpcEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IpcEndpoint ipcEndpoint(ChildProcessOperations processes, PoolSnapshots snapshots, IpcEndpointProperties properties,
			ObjectProvider<SanitizingFunction> functions, ObjectProvider<EndpointAccessResolver> resolver,
			ApplicationEventPublisher events) {
		WorkerOutput output = new WorkerOutput(properties.showOutput(), properties.roles(),
				functions.orderedStream().toList());
		return new IpcEndpoint(processes, snapshots, output, access(resolver.getIfAvailable()), properties.timeout(),
				events);
	}

	private static Access access(@Nullable EndpointAccessResolver resolver) {
		Access given = Access.READ_ONLY;
		return (resolver != null) ? resolver.accessFor(EndpointId.of("ipc"), given) : given;
	}

	@Bean
	@ConditionalOnBean(IpcEndpoint.class)
	@ConditionalOnMissingBean
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	IpcEndpointWebExtension ipcEndpointWebExtension(IpcEndpoint endpoint) {
		return new IpcEndpointWebExtension(endpoint);
	}

}
