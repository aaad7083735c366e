package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.actuate.IpcPageEndpoint;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for {@link IpcPageEndpoint}. Any process may send the page, which
 * has no data.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass({ IpcPageEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBean(ChildProcessOperations.class)
@ConditionalOnAvailableEndpoint(endpoint = IpcPageEndpoint.class, exposure = EndpointExposure.WEB)
public final class IpcPageEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IpcPageEndpoint ipcPageEndpoint() {
		return new IpcPageEndpoint();
	}

}
