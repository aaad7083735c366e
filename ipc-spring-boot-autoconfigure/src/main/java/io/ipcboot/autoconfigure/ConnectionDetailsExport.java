package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Sends workers the details of connections that the parent found at run time, by Docker
 * Compose support or Testcontainers.
 */
class ConnectionDetailsExport {

	/** Prefix of the properties by which connection details travel. */
	static final String PREFIX = WorkerProperties.PARENT_PREFIX + "connection-details.";

	private static final Log logger = LogFactory.getLog(ConnectionDetailsExport.class);

	private final Map<String, String> properties = new LinkedHashMap<>();

	private final List<String> lost = new ArrayList<>();

	/**
	 * Collect the connection details.
	 * @param beanFactory has the connection details
	 */
	ConnectionDetailsExport(ListableBeanFactory beanFactory) {
		ConnectionDetailsCodec codec = new ConnectionDetailsCodec();
		for (String name : beanFactory.getBeanNamesForType(ConnectionDetails.class)) {
			try {
				ConnectionDetails details = beanFactory.getBean(name, ConnectionDetails.class);
				if (!isMadeOfProperties(details)) {
					logger.debug("Workers get the connection details '%s'".formatted(name));
					this.properties.put(PREFIX + name, codec.write(details));
				}
			}
			catch (RuntimeException ex) {
				logger.debug("The connection details '%s' cannot be sent to workers".formatted(name), ex);
				this.lost.add(name + " (" + ex.getMessage() + ")");
			}
		}
	}

	/** Workers have the same properties. */
	private static boolean isMadeOfProperties(ConnectionDetails details) {
		Class<?> type = details.getClass();
		return type.getPackageName().startsWith("org.springframework.boot.")
				&& type.getSimpleName().startsWith("Properties");
	}

	/** Return the properties to send. */
	Map<String, String> properties() {
		return this.properties;
	}

	/**
	 * Return the names of the connection details that cannot be sent, each with the
	 * reason.
	 */
	List<String> lost() {
		return this.lost;
	}

}
