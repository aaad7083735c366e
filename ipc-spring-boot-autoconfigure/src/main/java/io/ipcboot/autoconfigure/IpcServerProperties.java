package io.ipcboot.autoconfigure;

import java.time.Duration;

import io.ipcboot.server.Scheduling;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Configuration properties for serving the application's port with workers.
 *
 * @param share Whether workers serve HTTP on the application's own port.
 * @param pool Pool whose workers serve.
 * @param scheduling Which process gets a new connection.
 * @param parentAccepts Whether the application itself serves requests too. By default it
 * does if the listener is shared, and only hands connections over otherwise.
 * @param drainTimeout Time that open connections have, when a process leaves, to make the
 * request whose response tells them to close.
 * @param responseHeader Name of a response header that says which process has answered.
 * @param maxRequestsPerWorker Number of requests after which a worker is replaced. Zero
 * for no limit.
 * @param maxRequestsJitter Part of that number by which it is raised at random, so that
 * not all workers are replaced at once.
 * @param requestTimeout Time after which a request counts as stuck. The threads of its
 * worker are then logged, and the worker is replaced. No limit by default.
 */
@ConfigurationProperties("ipc.server")
public record IpcServerProperties(@DefaultValue("false") boolean share, @DefaultValue("default") String pool,
		@DefaultValue("shared") Scheduling scheduling, @Nullable Boolean parentAccepts,
		@DefaultValue("5s") Duration drainTimeout, @Nullable String responseHeader,
		@DefaultValue("0") long maxRequestsPerWorker, @DefaultValue("0.1") double maxRequestsJitter,
		@Nullable Duration requestTimeout) {

	public IpcServerProperties {
		if (Boolean.TRUE.equals(parentAccepts) && scheduling != Scheduling.SHARED) {
			throw new IllegalArgumentException("'ipc.server.parent-accepts' needs 'ipc.server.scheduling=shared': "
					+ "otherwise the application accepts only in order to hand over");
		}
	}

	boolean isParentAccepting() {
		return (this.parentAccepts != null) ? this.parentAccepts : this.scheduling == Scheduling.SHARED;
	}

}
