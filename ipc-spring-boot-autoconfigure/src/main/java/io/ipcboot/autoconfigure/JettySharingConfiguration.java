package io.ipcboot.autoconfigure;

import io.ipcboot.server.SharedAcceptors;
import org.eclipse.jetty.server.Server;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Lets Jetty share its port.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnClass({ Server.class, ConfigurableJettyWebServerFactory.class })
class JettySharingConfiguration {

	@Bean
	JettySharing ipcJettySharing(SharedAcceptors acceptors) {
		return new JettySharing(acceptors);
	}

}
