package io.ipcboot.autoconfigure;

import io.ipcboot.server.SharedAcceptors;
import org.apache.catalina.startup.Tomcat;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Lets Tomcat share its port.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnClass({ Tomcat.class, TomcatWebServerFactory.class })
class TomcatSharingConfiguration {

	@Bean
	TomcatSharing ipcTomcatSharing(SharedAcceptors acceptors) {
		return new TomcatSharing(acceptors);
	}

}
