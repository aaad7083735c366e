package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for forking worker processes and talking to them.
 *
 * @param mainClass Main class to start in a worker. Found automatically unless the
 * application is started in an unusual way.
 * @param callTimeout Time a call may take unless the caller sets a deadline. Zero for no
 * limit.
 * @param readyTimeout Time a worker may take to start. Zero for no limit.
 * @param shutdownTimeout Time workers have to finish what they have started when the
 * application shuts down.
 * @param sendTimeout Time a sender waits when too many bytes wait to be sent. Zero to
 * fail at once.
 * @param maxFrameSize Largest message, including its headers.
 * @param backlog Number of bytes that may wait to be sent to a process before senders
 * have to wait.
 * @param keepAlive Whether the application keeps running as long as it has pools, even
 * without a web server.
 * @param pools Pools of workers by name. Messages go to the pool "default" unless another
 * one is named.
 */
@ConfigurationProperties("ipc")
public record IpcProperties(@Nullable String mainClass, @DefaultValue("30s") Duration callTimeout,
		@DefaultValue("60s") Duration readyTimeout, @DefaultValue("20s") Duration shutdownTimeout,
		@DefaultValue("30s") Duration sendTimeout, @DefaultValue("16MB") DataSize maxFrameSize,
		@DefaultValue("1MB") DataSize backlog, @DefaultValue("true") boolean keepAlive,
		@DefaultValue LinkedHashMap<String, Pool> pools) {

	/**
	 * A pool of workers that do the same.
	 *
	 * @param size Number of workers.
	 * @param concurrency Number of messages a worker's listeners take at a time, unless a
	 * listener says otherwise.
	 * @param profiles Comma-separated list of profiles to activate in the workers, in
	 * addition to "worker" and those of the application.
	 * @param maxHeap Maximum heap of a worker. Left to the JVM by default.
	 * @param jvmArgs Comma-separated list of flags for the worker's JVM, such as an
	 * agent.
	 * @param args Comma-separated list of arguments for the worker. Those of the
	 * application by default.
	 * @param environment Environment variables to set for the workers.
	 * @param properties Properties to set in the environment of the workers. They do not
	 * show on the command line.
	 * @param acceptHandles Whether the workers may send sockets and files to the
	 * application.
	 */
	public record Pool(@DefaultValue("1") int size, @DefaultValue("1") int concurrency,
			@DefaultValue List<String> profiles, @Nullable DataSize maxHeap, @DefaultValue List<String> jvmArgs,
			@Nullable List<String> args, @DefaultValue Map<String, String> environment,
			@DefaultValue Map<String, String> properties, @DefaultValue("false") boolean acceptHandles) {

	}

}
