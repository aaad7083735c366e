package io.ipcboot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;

import io.ipcboot.process.CrashFiles;
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
 * @param crashFiles Files that tell why workers have crashed.
 */
@ConfigurationProperties("ipc")
public record IpcProperties(@Nullable String mainClass, @DefaultValue("30s") Duration callTimeout,
		@DefaultValue("60s") Duration readyTimeout, @DefaultValue("20s") Duration shutdownTimeout,
		@DefaultValue("30s") Duration sendTimeout, @DefaultValue("16MB") DataSize maxFrameSize,
		@DefaultValue("1MB") DataSize backlog, @DefaultValue("true") boolean keepAlive,
		@DefaultValue LinkedHashMap<String, PoolProperties> pools, @DefaultValue Crashes crashFiles) {

	/**
	 * Files in which the JVMs of workers have written why they have crashed, and heap
	 * dumps.
	 *
	 * @param directory Directory for the files. A directory of the user's own in the one
	 * for temporary files by default.
	 * @param limit Number of files that are kept.
	 * @param maxSize Size of all files together. A larger file is not kept at all.
	 */
	public record Crashes(@Nullable Path directory, @DefaultValue("10") int limit,
			@DefaultValue("4GB") DataSize maxSize) {

		CrashFiles toCrashFiles() {
			return new CrashFiles((this.directory != null) ? this.directory : CrashFiles.DEFAULT.directory(),
					this.limit, this.maxSize.toBytes());
		}

	}

}
