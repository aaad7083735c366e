package io.ipcboot.server.http;

import java.util.Map;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;

/**
 * A websocket that answers everything with the pid.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
class ReactiveSocket {

	@Bean
	SimpleUrlHandlerMapping socketMapping() {
		WebSocketHandler handler = (session) -> session.send(
				session.receive().map((message) -> session.textMessage(Long.toString(ProcessHandle.current().pid()))));
		return new SimpleUrlHandlerMapping(Map.of("/socket", handler), -1);
	}

}
