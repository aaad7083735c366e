package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.ipcboot.ForkOptions;
import io.ipcboot.PoolOptions;
import io.ipcboot.pool.Backoff;
import io.ipcboot.pool.Balancing;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.pool.PoolSettings.CrashBudget;
import io.ipcboot.pool.RecyclePolicy;
import io.ipcboot.process.CrashFiles;
import io.ipcboot.process.ProcessOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.convert.Delimiter;
import org.springframework.util.unit.DataSize;

/**
 * A pool of identical workers.
 *
 * @param size Number of workers, or "auto" for as many as the processors and the memory
 * allow.
 * @param spares Number of extra workers that are started in advance. A spare takes the
 * place of a worker that has ended at once.
 * @param concurrency Maximum number of calls that a worker runs at a time, unless a
 * listener sets its own.
 * @param prefetch Extra calls sent to a worker before it has finished its current ones.
 * Raises the throughput of short calls; a long call delays those behind it.
 * @param queueCapacity Maximum number of calls that may wait for a worker. Further calls
 * are refused.
 * @param queueTimeout Maximum time a call or message may wait for a worker. Zero waits
 * until its own deadline.
 * @param balancing Strategy that chooses among the workers that have room for a message.
 * @param callTimeout Maximum duration of a call for which the caller sets no deadline. By
 * default, the value of "ipc.call-timeout".
 * @param onTimeout What happens to a worker that does not stop a call after its deadline.
 * @param killGrace Time a worker has to react: to stop a call after its deadline, or to
 * begin to leave after the kill signal.
 * @param drainTimeout Time a worker has to finish the work it has started when it is
 * replaced or gets the kill signal.
 * @param heartbeat Detection of workers that hang.
 * @param restart Replacement of workers that have died.
 * @param failFast Whether the application fails to start if a worker cannot start.
 * @param onDegraded What happens to the availability of the application while the pool is
 * degraded. By default, the application refuses traffic if the pool serves the
 * application's port and the parent does not, and nothing happens otherwise.
 * @param recycle Replacement of healthy workers.
 * @param quarantine Refusal of messages that have crashed workers.
 * @param retry Treatment of the messages of a worker that has died.
 * @param profiles Comma-separated list of profiles to activate in the workers, in
 * addition to "worker" and the application's profiles.
 * @param maxHeap Maximum heap size of a worker. By default, the JVM's own, or 512 MB if
 * the size of the pool is "auto".
 * @param processors Number of processors that a worker's JVM assumes. Zero for all.
 * @param nice Reduction of the scheduling priority of a worker, from 0 to 19.
 * @param commandPrefix Program, such as "prlimit", "setpriv" or "bwrap", and its
 * arguments, as one command line or as a list. The program starts the worker.
 * @param jvmArgs Flags for the worker's JVM, such as an agent, as one command line or as
 * a list.
 * @param args Arguments for the worker, as one command line or as a list. By default,
 * those of the application.
 * @param environment Environment variables to set for the workers.
 * @param inheritEnvironment Comma-separated list of the only environment variables that
 * workers inherit. By default, all except those that concern only the parent.
 * @param properties Spring properties to set in the workers. They do not appear on the
 * command line.
 * @param acceptHandles Whether the workers may send sockets and files to the parent.
 * @param heapDump Whether a worker that runs out of heap writes a heap dump to the
 * directory of the crash files.
 * @param output Destination of what the workers print and log.
 * @param outputLimit Maximum number of bytes of a worker's output that are logged per
 * second. Further output is counted and dropped.
 */
public record PoolProperties(@DefaultValue("1") String size, @DefaultValue("0") int spares,
		@DefaultValue("1") int concurrency, @DefaultValue("0") int prefetch, @DefaultValue("1000") int queueCapacity,
		@DefaultValue("0s") Duration queueTimeout, @DefaultValue("least-outstanding") Balancing balancing,
		@Nullable Duration callTimeout, @DefaultValue("recycle") PoolSettings.OnTimeout onTimeout,
		@DefaultValue("5s") Duration killGrace, @DefaultValue("20s") Duration drainTimeout,
		@DefaultValue HeartbeatTimes heartbeat, @DefaultValue RestartRules restart,
		@DefaultValue("true") boolean failFast, @Nullable OnDegraded onDegraded, @DefaultValue Recycle recycle,
		@DefaultValue QuarantineRules quarantine, @DefaultValue RetryRules retry, @DefaultValue List<String> profiles,
		@Nullable DataSize maxHeap, @DefaultValue("0") int processors, @DefaultValue("0") int nice,
		@DefaultValue @Delimiter(Delimiter.NONE) List<String> commandPrefix,
		@DefaultValue @Delimiter(Delimiter.NONE) List<String> jvmArgs,
		@Nullable @Delimiter(Delimiter.NONE) List<String> args, @DefaultValue Map<String, String> environment,
		@Nullable List<String> inheritEnvironment, @DefaultValue Map<String, String> properties,
		@DefaultValue("false") boolean acceptHandles, @DefaultValue("false") boolean heapDump,
		@DefaultValue("log") Output output, @DefaultValue("1MB") DataSize outputLimit) {

	/**
	 * @param environment binds the properties again that are command lines
	 * @param customizers change the options that the properties have set
	 */
	PoolOptions toOptions(String name, CrashFiles crashFiles, Binder environment,
			List<ForkOptionsCustomizer> customizers) {
		try {
			PoolSettings settings = settings(name);
			ForkOptions fork = fork(name, crashFiles, environment);
			customizers.forEach((customizer) -> customizer.customize(name, fork));
			return new PoolOptions(name, settings, fork);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidPoolException(name, !customizers.isEmpty(), ex);
		}
	}

	private PoolSettings settings(String name) {
		return new PoolSettings(PoolSize.parse(name, this.size, this.maxHeap, this.spares), this.spares,
				this.concurrency, this.prefetch, this.queueCapacity, this.queueTimeout, this.balancing,
				this.callTimeout, this.onTimeout, this.killGrace,
				new PoolSettings.Heartbeat(this.heartbeat.interval, this.heartbeat.timeout), this.restart.toSettings(),
				this.failFast, this.recycle.toPolicy(),
				new PoolSettings.QuarantineRule(this.quarantine.after, this.quarantine.duration),
				new PoolSettings.Retry(this.retry.mode, this.retry.limit), this.drainTimeout);
	}

	private ForkOptions fork(String name, CrashFiles crashFiles, Binder environment) {
		String prefix = "ipc.pools." + name + ".";
		ForkOptions options = ForkOptions.sameApplication()
			.profiles(this.profiles.toArray(String[]::new))
			.concurrency(this.concurrency)
			.processors(this.processors)
			.nice(this.nice)
			.crashFiles(crashFiles)
			.outputLimit(this.outputLimit)
			.jvmArguments(arguments(this.jvmArgs, environment, prefix + "jvm-args"))
			.commandPrefix(arguments(this.commandPrefix, environment, prefix + "command-prefix"));
		if (this.args != null) {
			options.arguments(arguments(this.args, environment, prefix + "args"));
		}
		DataSize heap = PoolSize.heap(this.size, this.maxHeap);
		if (heap != null) {
			options.maxHeap(heap);
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
		if (this.output.lines != null) {
			options.output(this.output.lines);
		}
		this.environment.forEach(options::environment);
		this.properties.forEach(options::property);
		return options;
	}

	private static String[] arguments(List<String> bound, Binder environment, String property) {
		return CommandLine.arguments(bound, environment, property).toArray(String[]::new);
	}

	/**
	 * Destination of what a worker prints and logs.
	 */
	public enum Output {

		/** The log of the parent. */
		LOG(null),

		/** The standard output and standard error of the parent, as it is. */
		INHERIT(ProcessOutput.INHERIT),

		/** Nothing but the last lines is kept. */
		DISCARD(ProcessOutput.DISCARD);

		private final @Nullable ProcessOutput lines;

		Output(@Nullable ProcessOutput lines) {
			this.lines = lines;
		}

	}

	/**
	 * Detection of workers that hang.
	 *
	 * @param interval Interval at which a worker is asked for a sign of life. Zero to
	 * never ask.
	 * @param timeout Time without a sign of life after which a worker is killed. Also the
	 * time a socket waits for a busy listener before another worker gets it.
	 */
	public record HeartbeatTimes(@DefaultValue("5s") Duration interval, @DefaultValue("30s") Duration timeout) {

	}

	/**
	 * Replacement of workers that have died.
	 *
	 * @param backoff Pauses before workers are replaced. After the first death there is
	 * no pause.
	 * @param budget Deaths that are tolerated before the pool is degraded.
	 * @param probeInterval Interval at which a degraded pool starts a trial worker.
	 */
	public record RestartRules(@DefaultValue BackoffTimes backoff, @DefaultValue Budget budget,
			@DefaultValue("30s") Duration probeInterval) {

		PoolSettings.Restart toSettings() {
			return new PoolSettings.Restart(
					new Backoff(this.backoff.initial, this.backoff.multiplier, this.backoff.maximum,
							this.backoff.jitter, this.backoff.resetAfter),
					new CrashBudget(this.budget.deaths, this.budget.period), this.probeInterval);
		}

	}

	/**
	 * Pauses before workers are replaced.
	 *
	 * @param initial First pause before a worker is replaced.
	 * @param multiplier Factor by which each further pause is longer than the one before.
	 * @param maximum Longest pause before a worker is replaced.
	 * @param jitter Fraction of a pause that is random, from 0 to 1.
	 * @param resetAfter Time a worker must live for the pauses to start over.
	 */
	public record BackoffTimes(@DefaultValue("500ms") Duration initial, @DefaultValue("2") double multiplier,
			@DefaultValue("30s") Duration maximum, @DefaultValue("0.2") double jitter,
			@DefaultValue("30s") Duration resetAfter) {

	}

	/**
	 * Deaths that are tolerated.
	 *
	 * @param deaths Number of deaths that are tolerated. Deaths of starting and of
	 * running workers are counted separately.
	 * @param period Period within which deaths are counted.
	 */
	public record Budget(@DefaultValue("5") int deaths, @DefaultValue("60s") Duration period) {

	}

	/**
	 * Replacement of healthy workers.
	 *
	 * @param maxCalls Number of messages and calls after which a worker is replaced. Zero
	 * for no limit.
	 * @param maxAge Age at which a worker is replaced. Zero for no limit.
	 * @param jitter Fraction by which the limits for calls and age differ from worker to
	 * worker, from 0 to 1.
	 * @param maxMemory Maximum memory of a worker.
	 * @param parallel Maximum number of workers that are replaced at a time.
	 */
	public record Recycle(@DefaultValue("0") long maxCalls, @DefaultValue("0s") Duration maxAge,
			@DefaultValue("0.1") double jitter, @DefaultValue MaxMemory maxMemory, @DefaultValue("1") int parallel) {

		RecyclePolicy toPolicy() {
			return new RecyclePolicy(this.maxCalls, this.maxAge, this.jitter, this.maxMemory.soft.toBytes(),
					this.maxMemory.hard.toBytes(), this.maxMemory.heap.toBytes(), this.parallel);
		}

	}

	/**
	 * Maximum memory of a worker.
	 *
	 * @param soft Resident memory above which a worker is replaced between calls. Zero
	 * for no limit.
	 * @param hard Resident memory above which a worker is killed. Zero for no limit.
	 * @param heap Heap in use after a garbage collection above which a worker is replaced
	 * between calls. Zero for no limit.
	 */
	public record MaxMemory(@DefaultValue("0B") DataSize soft, @DefaultValue("0B") DataSize hard,
			@DefaultValue("0B") DataSize heap) {

	}

	/**
	 * Refusal of messages that have crashed workers.
	 *
	 * @param after Number of crashes of workers after which a message is refused.
	 * @param duration Time for which a message is refused.
	 */
	public record QuarantineRules(@DefaultValue("2") int after, @Name("for") @DefaultValue("10m") Duration duration) {

	}

	/**
	 * Treatment of the messages of a worker that has died.
	 *
	 * @param mode Messages of a dead worker that are sent to another worker.
	 * @param limit Maximum number of times a call that may have started is repeated.
	 */
	public record RetryRules(@DefaultValue("not-started") PoolSettings.RetryMode mode, @DefaultValue("2") int limit) {

	}

}
