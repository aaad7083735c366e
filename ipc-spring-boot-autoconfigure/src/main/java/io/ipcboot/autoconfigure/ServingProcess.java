package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.channel.PeerId;

import org.springframework.core.env.Environment;

/**
 * A process that takes part in serving the application's port: the parent, and the
 * workers of one pool.
 */
final class ServingProcess {

	private static final String MANAGEMENT_PORT = "management.server.port";

	private ServingProcess() {
	}

	static boolean isThis(Environment environment) {
		if (!environment.getProperty("ipc.server.share", Boolean.class, false)) {
			return false;
		}
		try {
			return IpcRole.current() == IpcRole.PARENT
					|| pool(environment).equals(ParentProcess.connect().hello().pool());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static String pool(Environment environment) {
		return environment.getProperty("ipc.server.pool", "default");
	}

	private static String place() {
		try {
			PeerId self = ParentProcess.connect().self();
			return self.pool() + "-" + self.slot();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * What a worker that serves does otherwise unless the application says something
	 * else: no phase of its shutdown ends before its parent wants it to.
	 */
	static Map<String, Object> workerDefaults(Environment environment) {
		String drainTimeout = environment.getProperty("ipc.pools." + pool(environment) + ".drain-timeout");
		return (drainTimeout != null) ? Map.of("spring.lifecycle.timeout-per-shutdown-phase", drainTimeout) : Map.of();
	}

	/** As Spring Boot decides it: two ports that are chosen freely are not the same. */
	private static boolean isManagementPortSeparate(Environment environment) {
		Integer port = environment.getProperty(MANAGEMENT_PORT, Integer.class);
		return port != null && (port == 0 || !port.equals(environment.getProperty("server.port", Integer.class, 8080)));
	}

	/**
	 * What cannot be the same in a worker as in the parent: one port can be bound once,
	 * and one file be written by one process.
	 */
	static Map<String, Object> workerProperties(Environment environment) {
		Map<String, Object> properties = new LinkedHashMap<>();
		if (isManagementPortSeparate(environment)) {
			properties.put(MANAGEMENT_PORT, "-1");
		}
		String place = place();
		if (environment.getProperty("server.tomcat.accesslog.enabled", Boolean.class, false)) {
			properties.put("server.tomcat.accesslog.prefix",
					environment.getProperty("server.tomcat.accesslog.prefix", "access_log") + "." + place);
		}
		String jettyLog = environment.getProperty("server.jetty.accesslog.filename");
		if (jettyLog != null) {
			properties.put("server.jetty.accesslog.filename", jettyLog + "." + place);
		}
		return properties;
	}

}
