package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.ipcboot.IpcRole;
import io.ipcboot.server.SharedAcceptors;
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
 * Replaces Jetty's connectors by connectors that share their port with other processes.
 */
class JettySharing implements WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(JettySharing.class);

	private final SharedAcceptors acceptors;

	JettySharing(SharedAcceptors acceptors) {
		this.acceptors = acceptors;
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

	/** Replace a limit, as it holds the connectors that were replaced. */
	private static void replace(Server server, NetworkConnectionLimit limit) {
		NetworkConnectionLimit replacement = new NetworkConnectionLimit(limit.getMaxNetworkConnectionCount(),
				server.getConnectors());
		replacement.setEndPointIdleTimeout(limit.getEndPointIdleTimeout());
		server.removeBean(limit);
		server.addBean(replacement);
	}

	private Connector share(Connector connector) {
		if (connector instanceof ServerConnector original && isReplaceable(original.getClass())) {
			return new SharedServerConnector(original, this.acceptors);
		}
		logger.info("%s stays with the parent: connectors of this type cannot be shared".formatted(connector));
		return connector;
	}

	/**
	 * Whether no behavior is lost: Boot's own subclass only checks the alias of a key.
	 */
	private static boolean isReplaceable(Class<?> type) {
		return type == ServerConnector.class || type.getName().startsWith("org.springframework.boot.jetty.");
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
