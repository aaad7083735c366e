package io.ipcboot.autoconfigure;

import io.ipcboot.IpcRole;
import io.ipcboot.server.SharedAcceptors;
import io.ipcboot.server.SharedHttp11Protocol;
import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Replaces the protocol of Tomcat's connectors by one that shares their port with other
 * processes.
 */
class TomcatSharing implements WebServerFactoryCustomizer<TomcatWebServerFactory>, Ordered {

	private static final Log logger = LogFactory.getLog(TomcatSharing.class);

	private final SharedAcceptors acceptors;

	TomcatSharing(SharedAcceptors acceptors) {
		this.acceptors = acceptors;
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
			protocol.shareWith((address, backlog) -> this.acceptors.create(() -> {
				requireNoPath(connector);
				return address.get();
			}, backlog));
			return true;
		}
		if (IpcRole.current() == IpcRole.WORKER) {
			logger.info("%s stays with the parent: only connectors of the protocol '%s' can be shared"
				.formatted(connector, SharedHttp11Protocol.class.getName()));
			return false;
		}
		return true;
	}

	/** A TCP port in place of the path would be open to others. */
	private static void requireNoPath(Connector connector) {
		Object path = connector.getProperty("unixDomainSocketPath");
		if (path != null) {
			throw new InvalidConfigurationPropertyValueException("ipc.server.share", true,
					"The connector listens on the Unix domain socket '%s', which cannot be shared with workers. "
						.formatted(path)
							+ "Give the connector a port, or give an additional connector Tomcat's own protocol, "
							+ "so that it stays with the parent");
		}
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

}
