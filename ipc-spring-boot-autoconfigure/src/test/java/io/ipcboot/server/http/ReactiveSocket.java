package io.ipcboot.server.http;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.server.WebSocketService;
import org.springframework.web.reactive.socket.server.support.HandshakeWebSocketService;
import org.springframework.web.reactive.socket.server.upgrade.ReactorNettyRequestUpgradeStrategy;

/**
 * A websocket that answers everything with the pid.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
class ReactiveSocket implements WebFluxConfigurer {

	/** Spring would decide by the class path, where other servers are too. */
	@Override
	public WebSocketService getWebSocketService() {
		return new HandshakeWebSocketService(new ReactorNettyRequestUpgradeStrategy());
	}

	@Bean
	SimpleUrlHandlerMapping socketMapping() {
		WebSocketHandler handler = (session) -> session.send(
				session.receive().map((message) -> session.textMessage(Long.toString(ProcessHandle.current().pid()))));
		return new SimpleUrlHandlerMapping(Map.of("/socket", handler), -1);
	}

}
