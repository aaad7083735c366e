package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.ipcboot.IpcRole;
import io.ipcboot.server.ServerListeners;
import io.ipcboot.server.SharedServerConnector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Replaces Jetty's connectors by ones that accept on shared listeners.
 */
class JettySharing implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(JettySharing.class);

	private final ServerListeners listeners;

	JettySharing(ServerListeners listeners) {
		this.listeners = listeners;
	}

	@Override
	public void customize(ConfigurableJettyWebServerFactory factory) {
		factory.addServerCustomizers(this::share);
	}

	private void share(Server server) {
		server.setConnectors(Stream.of(server.getConnectors())
			.map(this::share)
			.filter((connector) -> IpcRole.current() == IpcRole.PARENT || connector instanceof SharedServerConnector)
			.toArray(Connector[]::new));
		List.copyOf(server.getBeans(NetworkConnectionLimit.class)).forEach((limit) -> replace(server, limit));
	}

	/** It knows the connectors that there were before. */
	private static void replace(Server server, NetworkConnectionLimit limit) {
		NetworkConnectionLimit replacement = new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(),
				server.getConnectors());
		replacement.setEndPointIdleTimeout(limit.getEndPointIdleTimeout());
		server.removeBean(limit);
		server.addBean(replacement);
	}

	private Connector share(Connector connector) {
		if (connector instanceof ServerConnector original && isReplaceable(original.getClass())) {
			return new SharedServerConnector(original, this.listeners);
		}
		logger
			.info("Only the application itself has %s: connectors of this type cannot be shared".formatted(connector));
		return connector;
	}

	/** Boot's own type only checks the name of a key. */
	private static boolean isReplaceable(Class<?> type) {
		return type == ServerConnector.class || type.getName().startsWith("org.springframework.boot.jetty.");
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
