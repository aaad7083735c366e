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
 * Whether and how this process serves the application's port. The parent does, and the
 * workers of one pool.
 */
final class ServingProcess {

	private ServingProcess() {
	}

	static boolean isThis(Environment environment) {
		if (!environment.getProperty("ipc.server.share", Boolean.class, false)
				|| WorkerEnvironmentPostProcessor.isElsewhere(environment)) {
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
	 * Return defaults for a worker that serves: no phase of its shutdown ends before its
	 * parent's drain timeout.
	 */
	static Map<String, Object> workerDefaults(Environment environment) {
		String drainTimeout = environment.getProperty("ipc.pools." + pool(environment) + ".drain-timeout");
		return (drainTimeout != null) ? Map.of("spring.lifecycle.timeout-per-shutdown-phase", drainTimeout) : Map.of();
	}

	/**
	 * Return properties that cannot have the parent's value in a worker, as only one
	 * process can bind a port or write a file.
	 */
	static Map<String, Object> workerProperties(Environment environment) {
		Map<String, Object> properties = new LinkedHashMap<>();
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
