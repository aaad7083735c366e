package io.ipcboot.autoconfigure;

import io.ipcboot.server.SharedAcceptors;
import reactor.netty.http.server.HttpServer;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Lets Reactor Netty share its port.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
class NettySharingConfiguration {

	@Bean
	NettySharing ipcNettySharing(SharedAcceptors acceptors, ObjectProvider<ReactorResourceFactory> resources) {
		return new NettySharing(acceptors, resources);
	}

}
