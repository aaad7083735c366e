package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.ipcboot.ForkOptions;
import io.ipcboot.PoolOptions;
import io.ipcboot.pool.Backoff;
import io.ipcboot.pool.Balancing;
import io.ipcboot.pool.CrashBudget;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.Quarantine;
import io.ipcboot.pool.RecyclePolicy;
import io.ipcboot.process.CrashFiles;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.util.unit.DataSize;

/**
 * A pool of workers that do the same.
 *
 * @param size Number of workers, or "auto" for as many as processors and memory allow.
 * @param spares Number of workers that are started in advance and take over a slot at
 * once.
 * @param concurrency Number of calls a worker runs at a time, unless a listener says
 * otherwise.
 * @param prefetch Number of calls more a worker gets in advance. Good for throughput if
 * all calls are short; a long one delays those behind it.
 * @param queueCapacity Number of calls that may wait for a worker. More are refused.
 * @param queueTimeout Time a call may wait for a worker. Zero for as long as the call
 * has.
 * @param balancing Which of the workers that have room gets a message.
 * @param callTimeout Time a call may take unless the caller sets a deadline. That of
 * "ipc.call-timeout" by default.
 * @param onTimeout What happens to a worker that does not stop a call whose time is over.
 * @param killGrace Time a worker has to stop a call whose time is over.
 * @param drainTimeout Time a worker has to finish what it has started when it is
 * replaced.
 * @param heartbeat How it is noticed that a worker hangs.
 * @param restart How workers that have died are replaced.
 * @param failFast Whether the start of the application fails if a worker cannot start.
 * @param recycle When healthy workers are replaced.
 * @param quarantine When a message that has killed workers is refused.
 * @param retry What is done with the messages of a worker that has died.
 * @param profiles Comma-separated list of profiles to activate in the workers, in
 * addition to "worker" and those of the application.
 * @param maxHeap Maximum heap of a worker. Left to the JVM by default, and 512 MB if the
 * size is "auto".
 * @param processors Number of processors a worker's JVM counts on. All by default.
 * @param nice How much lower the priority of a worker is, from 0 to 19.
 * @param commandPrefix Comma-separated list of a program and its arguments that start a
 * worker, such as "prlimit", "setpriv" or "bwrap".
 * @param jvmArgs Comma-separated list of flags for the worker's JVM, such as an agent.
 * @param args Comma-separated list of arguments for the worker. Those of the application
 * by default.
 * @param environment Environment variables to set for the workers.
 * @param inheritEnvironment Comma-separated list of the only environment variables that
 * workers inherit. All but those that concern the application alone by default.
 * @param properties Properties to set in the environment of the workers. They do not show
 * on the command line.
 * @param acceptHandles Whether the workers may send sockets and files to the application.
 * @param heapDump Whether a worker whose heap is full leaves a dump of it among the crash
 * files.
 * @param outputLimit Number of bytes a second of a worker's output that are logged. More
 * is counted and dropped.
 */
public record PoolProperties(@DefaultValue("1") String size, @DefaultValue("0") int spares,
		@DefaultValue("1") int concurrency, @DefaultValue("0") int prefetch, @DefaultValue("1000") int queueCapacity,
		@DefaultValue("0s") Duration queueTimeout, @DefaultValue("least-outstanding") Balancing balancing,
		@Nullable Duration callTimeout, @DefaultValue("recycle") PoolSettings.OnTimeout onTimeout,
		@DefaultValue("5s") Duration killGrace, @DefaultValue("20s") Duration drainTimeout,
		@DefaultValue Heartbeat heartbeat, @DefaultValue Restart restart, @DefaultValue("true") boolean failFast,
		@DefaultValue Recycle recycle, @DefaultValue QuarantineLimit quarantine, @DefaultValue Retry retry,
		@DefaultValue List<String> profiles, @Nullable DataSize maxHeap, @DefaultValue("0") int processors,
		@DefaultValue("0") int nice, @DefaultValue List<String> commandPrefix, @DefaultValue List<String> jvmArgs,
		@Nullable List<String> args, @DefaultValue Map<String, String> environment,
		@Nullable List<String> inheritEnvironment, @DefaultValue Map<String, String> properties,
		@DefaultValue("false") boolean acceptHandles, @DefaultValue("false") boolean heapDump,
		@DefaultValue("1MB") DataSize outputLimit) {

	PoolOptions toOptions(String name, CrashFiles crashFiles) {
		try {
			return new PoolOptions(name, settings(name), fork(crashFiles));
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPoolException(name, ex);
		}
	}

	private PoolSettings settings(String name) {
		return new PoolSettings(PoolSize.parse(name, this.size, this.maxHeap, this.spares), this.spares,
				this.concurrency, this.prefetch, this.queueCapacity, this.queueTimeout, this.balancing,
				this.callTimeout, this.onTimeout, this.killGrace,
				new PoolSettings.Heartbeat(this.heartbeat.interval, this.heartbeat.timeout), this.restart.toSettings(),
				this.failFast, this.recycle.toPolicy(),
				new Quarantine.Limit(this.quarantine.after, this.quarantine.duration),
				new PoolSettings.Retry(this.retry.mode, this.retry.limit), this.drainTimeout);
	}

	private ForkOptions fork(CrashFiles crashFiles) {
		ForkOptions options = ForkOptions.sameApplication()
			.profiles(this.profiles.toArray(String[]::new))
			.jvmArguments(this.jvmArgs.toArray(String[]::new))
			.concurrency(this.concurrency)
			.processors(this.processors)
			.nice(this.nice)
			.commandPrefix(this.commandPrefix.toArray(String[]::new))
			.crashFiles(crashFiles)
			.outputLimit(this.outputLimit);
		DataSize heap = PoolSize.heap(this.size, this.maxHeap);
		if (heap != null) {
			options.maxHeap(heap);
		}
		if (this.args != null) {
			options.arguments(this.args.toArray(String[]::new));
		}
		if (this.inheritEnvironment != null) {
			options.inheritEnvironment(this.inheritEnvironment.toArray(String[]::new));
		}
		if (this.acceptHandles) {
			options.acceptHandles();
		}
		if (this.heapDump) {
			options.heapDump();
		}
		this.environment.forEach(options::environment);
		this.properties.forEach(options::property);
		return options;
	}

	/**
	 * How it is noticed that a worker hangs.
	 *
	 * @param interval How often a worker is asked for a sign of life. Zero to never ask.
	 * @param timeout Time without a sign of life after which a worker is killed, and time
	 * that a socket waits for a busy listener before another worker gets it.
	 */
	public record Heartbeat(@DefaultValue("5s") Duration interval, @DefaultValue("30s") Duration timeout) {

	}

	/**
	 * How workers that have died are replaced.
	 *
	 * @param backoff Pauses before a worker is replaced. The first one is replaced at
	 * once.
	 * @param budget Number of deaths that are tolerated before the pool is degraded.
	 * @param probeInterval How often a degraded pool tries a worker.
	 */
	public record Restart(@DefaultValue BackoffTimes backoff, @DefaultValue Budget budget,
			@DefaultValue("30s") Duration probeInterval) {

		PoolSettings.Restart toSettings() {
			return new PoolSettings.Restart(
					new Backoff(this.backoff.initial, this.backoff.multiplier, this.backoff.maximum,
							this.backoff.jitter, this.backoff.resetAfter),
					new CrashBudget.Limit(this.budget.deaths, this.budget.period), this.probeInterval);
		}

	}

	/**
	 * Pauses before a worker is replaced.
	 *
	 * @param initial First pause.
	 * @param multiplier How much longer every further pause is.
	 * @param maximum Longest pause.
	 * @param jitter Part of a pause that is random, from 0 to 1.
	 * @param resetAfter Time a worker must live for its death to count as the first one.
	 */
	public record BackoffTimes(@DefaultValue("500ms") Duration initial, @DefaultValue("2") double multiplier,
			@DefaultValue("30s") Duration maximum, @DefaultValue("0.2") double jitter,
			@DefaultValue("30s") Duration resetAfter) {

	}

	/**
	 * Number of deaths that are tolerated.
	 *
	 * @param deaths Number of deaths while starting, and of deaths while running.
	 * @param period Period within which they are counted.
	 */
	public record Budget(@DefaultValue("5") int deaths, @DefaultValue("60s") Duration period) {

	}

	/**
	 * When healthy workers are replaced.
	 *
	 * @param maxCalls Number of messages and calls a worker serves. Zero for no limit.
	 * @param maxAge Time a worker lives. Zero for no limit.
	 * @param jitter By what part those limits differ from worker to worker, from 0 to 1.
	 * @param maxMemory Memory a worker may use.
	 * @param parallel Number of slots that may be replaced at a time.
	 */
	public record Recycle(@DefaultValue("0") long maxCalls, @DefaultValue("0s") Duration maxAge,
			@DefaultValue("0.1") double jitter, @DefaultValue MaxMemory maxMemory, @DefaultValue("1") int parallel) {

		RecyclePolicy toPolicy() {
			return new RecyclePolicy(this.maxCalls, this.maxAge, this.jitter, this.maxMemory.soft.toBytes(),
					this.maxMemory.hard.toBytes(), this.maxMemory.heap.toBytes(), this.parallel);
		}

	}

	/**
	 * Memory a worker may use.
	 *
	 * @param soft Resident memory above which a worker is replaced between calls. Zero
	 * for no limit.
	 * @param hard Resident memory above which a worker is killed. Zero for no limit.
	 * @param heap Heap that survives a collection above which a worker is replaced
	 * between calls. Zero for no limit.
	 */
	public record MaxMemory(@DefaultValue("0B") DataSize soft, @DefaultValue("0B") DataSize hard,
			@DefaultValue("0B") DataSize heap) {

	}

	/**
	 * When a message that has killed workers is refused.
	 *
	 * @param after Number of workers that have died of the message.
	 * @param duration Time the message is refused.
	 */
	public record QuarantineLimit(@DefaultValue("2") int after, @Name("for") @DefaultValue("10m") Duration duration) {

	}

	/**
	 * What is done with the messages of a worker that has died.
	 *
	 * @param mode Which of them are sent to another worker.
	 * @param limit Number of times a call that may have been started is repeated.
	 */
	public record Retry(@DefaultValue("not-started") PoolSettings.RetryMode mode, @DefaultValue("2") int limit) {

	}

}
