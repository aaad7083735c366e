package io.ipcboot.server.http;

import java.io.IOException;

import jakarta.servlet.ServletContext;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.RequestUpgradeStrategy;
import org.springframework.web.socket.server.jetty.JettyRequestUpgradeStrategy;
import org.springframework.web.socket.server.standard.StandardWebSocketUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/**
 * A websocket that answers everything with the pid.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@EnableWebSocket
class ServletSocket implements WebSocketConfigurer {

	private final ServletContext context;

	ServletSocket(ServletContext context) {
		this.context = context;
	}

	@Override
	public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
		registry.addHandler(new TextWebSocketHandler() {
			@Override
			protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
				session.sendMessage(new TextMessage(Long.toString(ProcessHandle.current().pid())));
			}
		}, "/socket").setHandshakeHandler(new DefaultHandshakeHandler(strategy()));
	}

	/** Spring would decide by the class path, where both servers are. */
	private RequestUpgradeStrategy strategy() {
		return this.context.getServerInfo().startsWith("jetty") ? new JettyRequestUpgradeStrategy()
				: new StandardWebSocketUpgradeStrategy();
	}

}
