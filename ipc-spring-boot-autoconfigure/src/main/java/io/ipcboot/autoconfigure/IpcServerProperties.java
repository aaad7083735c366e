package io.ipcboot.autoconfigure;

import java.time.Duration;

import io.ipcboot.IpcRole;
import io.ipcboot.server.Scheduling;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for serving the application's port with workers.
 *
 * @param share Whether workers serve HTTP on the application's own port.
 * @param pool Pool whose workers serve HTTP.
 * @param scheduling Strategy that decides which process gets a new connection.
 * @param parentAccepts Whether the parent serves requests too. By default, it does if
 * scheduling is "shared", and only hands connections over otherwise.
 * @param management Process that answers requests for Actuator's endpoints on the
 * application's port: the parent, also if a worker gets the request, or the process that
 * gets it.
 * @param drainTimeout Time clients have, when a process leaves, to send one more request
 * on each open connection. The response closes the connection.
 * @param responseHeader Name of a response header that identifies the process that served
 * the request. Not sent by default.
 * @param maxConnectionsPerWorker Maximum number of open connections of a worker, on each
 * port, if scheduling is "handoff" or "sticky". Zero for no limit.
 * @param maxRequestsPerWorker Number of requests after which a worker is replaced. Zero
 * for no limit.
 * @param maxRequestsJitter Maximum random increase of the number of requests per worker,
 * as a fraction of it, so that not all workers are replaced at once.
 * @param requestTimeout Time after which a request counts as stuck. The worker then logs
 * its threads and is replaced. No limit by default.
 */
@ConfigurationProperties("ipc.server")
public record IpcServerProperties(@DefaultValue("false") boolean share, @DefaultValue("default") String pool,
		@DefaultValue("shared") Scheduling scheduling, @Nullable Boolean parentAccepts,
		@DefaultValue("parent") IpcRole management, @DefaultValue("5s") Duration drainTimeout,
		@Nullable String responseHeader, @DefaultValue("0") int maxConnectionsPerWorker,
		@DefaultValue("0") long maxRequestsPerWorker, @DefaultValue("0.1") double maxRequestsJitter,
		@Nullable Duration requestTimeout) {

	public IpcServerProperties {
		if (drainTimeout.isNegative()) {
			throw new IllegalArgumentException(
					"'ipc.server.drain-timeout' must not be negative, but is " + drainTimeout);
		}
		if (requestTimeout != null && (requestTimeout.isNegative() || requestTimeout.isZero())) {
			throw new IllegalArgumentException(
					"'ipc.server.request-timeout' must be positive, but is " + requestTimeout);
		}
		if (Boolean.TRUE.equals(parentAccepts) && scheduling != Scheduling.SHARED) {
			throw new IllegalArgumentException("'ipc.server.parent-accepts' needs 'ipc.server.scheduling=shared': "
					+ "otherwise the parent accepts connections only to hand them over");
		}
		if (maxConnectionsPerWorker < 0) {
			throw new IllegalArgumentException(
					"'ipc.server.max-connections-per-worker' must not be negative, but is " + maxConnectionsPerWorker);
		}
		if (maxConnectionsPerWorker > 0 && scheduling == Scheduling.SHARED) {
			throw new IllegalArgumentException("'ipc.server.max-connections-per-worker' needs "
					+ "'ipc.server.scheduling=handoff' or 'ipc.server.scheduling=sticky': otherwise each process "
					+ "accepts for itself, and the web server has the limit, for example "
					+ "'server.tomcat.max-connections' or 'server.jetty.max-connections'");
		}
	}

	boolean isParentAccepting() {
		return (this.parentAccepts != null) ? this.parentAccepts : this.scheduling == Scheduling.SHARED;
	}

}
