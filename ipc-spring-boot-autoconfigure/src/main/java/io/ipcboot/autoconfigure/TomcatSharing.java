package io.ipcboot.autoconfigure;

import io.ipcboot.IpcRole;
import io.ipcboot.server.ServerListeners;
import io.ipcboot.server.SharedHttp11Protocol;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Replaces the protocol of Tomcat's connectors by one that accepts on shared listeners.
 */
class TomcatSharing implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(TomcatSharing.class);

	private final ServerListeners listeners;

	TomcatSharing(ServerListeners listeners) {
		this.listeners = listeners;
	}

	@Override
	public void customize(TomcatWebServerFactory factory) {
		if (factory.getPort() < 0) {
			return;
		}
		if (factory.getProtocol().equals(TomcatWebServerFactory.DEFAULT_PROTOCOL)) {
			factory.setProtocol(SharedHttp11Protocol.class.getName());
		}
		factory.addConnectorCustomizers(this::share);
		factory.getAdditionalConnectors().removeIf((connector) -> !share(connector));
	}

	private boolean share(Connector connector) {
		if (connector.getProtocolHandler() instanceof SharedHttp11Protocol protocol) {
			protocol.shareWith(this.listeners);
			return true;
		}
		if (IpcRole.current() == IpcRole.WORKER) {
			logger.info("%s stays with the parent: only connectors of the protocol '%s' can be shared"
				.formatted(connector, SharedHttp11Protocol.class.getName()));
			return false;
		}
		return true;
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
