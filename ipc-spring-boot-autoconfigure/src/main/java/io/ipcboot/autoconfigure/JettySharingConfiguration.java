package io.ipcboot.autoconfigure;

import io.ipcboot.server.ServerListeners;
import org.eclipse.jetty.server.Server;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Lets Jetty serve what is shared.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnClass({ Server.class, ConfigurableJettyWebServerFactory.class })
class JettySharingConfiguration {

	@Bean
	JettySharing ipcJettySharing(ServerListeners listeners) {
		return new JettySharing(listeners);
	}

}
