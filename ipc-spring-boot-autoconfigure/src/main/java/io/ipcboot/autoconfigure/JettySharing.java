package io.ipcboot.autoconfigure;

import java.util.stream.Stream;

import io.ipcboot.server.ServerListeners;
import io.ipcboot.server.SharedServerConnector;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Replaces Jetty's connectors by ones that accept on shared listeners.
 */
class JettySharing implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private final ServerListeners listeners;

	JettySharing(ServerListeners listeners) {
		this.listeners = listeners;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		factory.addServerCustomizers(this::share);
	}

	private void share(Server server) {
		server.setConnectors(Stream.of(server.getConnectors()).map(this::share).toArray(Connector[]::new));
	}

	private Connector share(Connector connector) {
		return (connector.getClass() == ServerConnector.class && ((ServerConnector) connector).getPort() >= 0)
				? new SharedServerConnector((ServerConnector) connector, this.listeners) : connector;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
