package io.ipcboot.autoconfigure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Set;

import io.ipcboot.WorkerLimits;
import io.ipcboot.process.CrashFiles;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for worker processes and the messages exchanged with them.
 *
 * @param mainClass Main class to start in a worker. By default, the main class of the
 * application, which is detected.
 * @param callTimeout Maximum duration of a call for which the caller sets no deadline.
 * Zero for no limit.
 * @param readyTimeout Maximum time a worker may take to start. Zero for no limit.
 * @param shutdownTimeout Time workers have to finish the work they have started when the
 * application shuts down.
 * @param sendTimeout Maximum time a sender waits while the backlog is full. Zero to fail
 * at once.
 * @param maxFrameSize Maximum size of a message, including its headers.
 * @param backlog Number of bytes that may wait to be sent to a process before further
 * senders have to wait.
 * @param keepAlive Whether an application with pools keeps running even without a web
 * server.
 * @param pools Pools of workers by name. Messages go to the pool "default" unless the
 * sender names another pool.
 * @param crashFiles Crash reports and heap dumps of workers.
 * @param risks What to do at the start about beans that may behave differently in an
 * application that runs in several processes.
 * @param acknowledgedRisks Risks that are none in this application, so that they are not
 * reported.
 * @param maxWorkers Maximum number of workers of all pools together, including spares. By
 * default, what memory and file descriptors can bear: 64 MB and 8 descriptors each.
 * @param parallelStarts Maximum number of workers of all pools that start at a time. By
 * default, the number of processors, but at least 2.
 */
@ConfigurationProperties("ipc")
public record IpcProperties(@Nullable String mainClass, @DefaultValue("30s") Duration callTimeout,
		@DefaultValue("60s") Duration readyTimeout, @DefaultValue("20s") Duration shutdownTimeout,
		@DefaultValue("30s") Duration sendTimeout, @DefaultValue("16MB") DataSize maxFrameSize,
		@DefaultValue("1MB") DataSize backlog, @DefaultValue("true") boolean keepAlive,
		@DefaultValue LinkedHashMap<String, PoolProperties> pools, @DefaultValue Crashes crashFiles,
		@DefaultValue("warn") RiskMode risks, @DefaultValue Set<Risk> acknowledgedRisks, @Nullable Integer maxWorkers,
		@Nullable Integer parallelStarts) {

	public IpcProperties {
		requireNotNegative("call-timeout", callTimeout);
		requireNotNegative("ready-timeout", readyTimeout);
		requireNotNegative("shutdown-timeout", shutdownTimeout);
		requireNotNegative("send-timeout", sendTimeout);
		requirePositive("max-workers", maxWorkers);
		requirePositive("parallel-starts", parallelStarts);
	}

	private static void requirePositive(String name, @Nullable Integer value) {
		if (value != null && value < 1) {
			throw new IllegalArgumentException("'ipc.%s' must be at least 1, but is %d".formatted(name, value));
		}
	}

	private static void requireNotNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new IllegalArgumentException("'ipc.%s' must not be negative, but is %s".formatted(name, value));
		}
	}

	WorkerLimits limits() {
		WorkerLimits defaults = WorkerLimits.DEFAULT;
		return new WorkerLimits((this.maxWorkers != null) ? this.maxWorkers : defaults.maxWorkers(),
				(this.parallelStarts != null) ? this.parallelStarts : defaults.parallelStarts());
	}

	/**
	 * Crash reports and heap dumps that the JVMs of workers have written.
	 *
	 * @param directory Directory for crash reports and heap dumps. By default, a private
	 * directory in the directory for temporary files.
	 * @param limit Maximum number of crash files to keep. The oldest are deleted first.
	 * One process leaves at most half of that number.
	 * @param maxSize Maximum size of all crash files together. A larger file is not kept,
	 * and neither is one that takes more than 30 seconds to copy to another file system.
	 */
	public record Crashes(@Nullable Path directory, @DefaultValue("10") int limit,
			@DefaultValue("4GB") DataSize maxSize) {

		CrashFiles toCrashFiles() {
			return new CrashFiles((this.directory != null) ? this.directory : CrashFiles.DEFAULT.directory(),
					this.limit, this.maxSize.toBytes());
		}

	}

}
