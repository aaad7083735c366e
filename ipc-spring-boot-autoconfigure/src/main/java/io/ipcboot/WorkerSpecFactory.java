package io.ipcboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PeerOptions;
import io.ipcboot.pool.WorkerSpec;
import io.ipcboot.process.ApplicationCode;
import io.ipcboot.process.ChildEnvironment;
import io.ipcboot.process.Hello;
import io.ipcboot.process.Isolation;
import io.ipcboot.process.JavaCommand;
import io.ipcboot.process.LoggedEvent;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.ProcessSpec;
import org.jspecify.annotations.Nullable;

/**
 * Creates the specifications of workers and of other programs from {@link ForkOptions}.
 */
final class WorkerSpecFactory {

	/** The profile that is active in every worker. */
	static final String WORKER_PROFILE = "worker";

	private final ForkDefaults defaults;

	/** The pools to which workers can send, and the time of a call to each. */
	private final Map<String, Duration> pools = new LinkedHashMap<>();

	private final Supplier<ApplicationCode> code;

	private final Consumer<String> lineDropped;

	/**
	 * @param pools the pools to which workers can send
	 * @param code the code of this application
	 * @param lineDropped told the pool of a worker of which a line is not logged
	 */
	WorkerSpecFactory(ForkDefaults defaults, Collection<PoolOptions> pools, Supplier<ApplicationCode> code,
			Consumer<String> lineDropped) {
		this.lineDropped = lineDropped;
		this.defaults = defaults;
		this.code = code;
		for (PoolOptions pool : pools) {
			this.pools.put(pool.name(), defaults.callTimeout(pool.settings()));
		}
	}

	/** Return whether a worker can send to the pools of this application. */
	static boolean mayUsePools(ForkOptions options, @Nullable String pool) {
		return pool != null || options.kind == ForkOptions.Kind.SAME_APPLICATION;
	}

	WorkerSpec worker(ForkOptions options, @Nullable String pool, int slot, ListenerRegistry listeners) {
		List<String> profiles = new ArrayList<>(this.defaults.profiles());
		profiles.remove(WORKER_PROFILE);
		profiles.add(WORKER_PROFILE);
		profiles.addAll(options.profiles);
		Map<String, String> properties = new LinkedHashMap<>(this.defaults.properties());
		properties.putAll(options.properties);
		String name = (pool == null) ? "process" : (slot >= 0) ? pool + "/" + slot : pool + "/spare";
		WorkerLog log = new WorkerLog(name, options.outputLimit, () -> {
			if (pool != null) {
				this.lineDropped.accept(pool);
			}
		});
		if (options.output == null) {
			properties.put(LoggedEvent.PROPERTY, log.marker());
		}
		else if (options.output == ProcessOutput.INHERIT) {
			properties.put(LoggedEvent.PROPERTY, LoggedEvent.INHERITED);
		}
		Hello hello = new Hello(pool, slot, ProcessHandle.current().pid(), this.defaults.limits(),
				this.defaults.callTimeout(), options.drainTimeout, options.concurrency, options.acceptHandles,
				mayUsePools(options, pool) ? this.pools : Map.of(), profiles, properties);
		Duration readyTimeout = (options.readyTimeout != null) ? options.readyTimeout : this.defaults.readyTimeout();
		return new WorkerSpec(process(options, log), hello,
				new PeerOptions(1, this.defaults.executor(), this.defaults.interceptors()), this.defaults.converter(),
				listeners, readyTimeout, options.killGrace, options.acceptHandles,
				(assigned) -> log.rename(pool + "/" + assigned));
	}

	ProcessSpec program(ForkOptions options) {
		return process(options, new WorkerLog("process", options.outputLimit, () -> {
		}));
	}

	private ProcessSpec process(ForkOptions options, ProcessOutput log) {
		ProcessOutput output = (options.output != null) ? options.output : log;
		JavaCommand java = (options.kind != ForkOptions.Kind.PROGRAM) ? configured(options) : null;
		return new ProcessSpec((java != null) ? java.build() : command(options), java != null,
				(java != null) ? java.classPath() : null, (java != null) ? java.privateFlags() : List.of(),
				new ChildEnvironment(options.inheritedEnvironment, options.environment), options.directory, output,
				options.channel, options.timeout, options.killSignal, options.drainTimeout,
				isolation(options, java != null));
	}

	/**
	 * Return how the process is isolated. A program that is not a JVM is not isolated,
	 * unless the options set a priority or a command prefix.
	 */
	private static @Nullable Isolation isolation(ForkOptions options, boolean java) {
		boolean wanted = java || options.nice > 0 || !options.commandPrefix.isEmpty();
		return wanted
				? new Isolation(options.commandPrefix, options.nice, Isolation.DEFAULT.oomScore(), options.crashFiles)
				: null;
	}

	private static List<String> command(ForkOptions options) {
		List<String> command = new ArrayList<>(options.code);
		if (options.arguments != null) {
			command.addAll(options.arguments);
		}
		return command;
	}

	private JavaCommand configured(ForkOptions options) {
		JavaCommand command = java(options).javaHome(options.javaHome)
			.jvmArguments(options.jvmArguments)
			.processors(options.processors)
			.heapDump(options.heapDump);
		if (options.maxHeap != null) {
			command.maxHeap(options.maxHeap.toBytes());
		}
		options.systemProperties.forEach(command::systemProperty);
		return command;
	}

	private JavaCommand java(ForkOptions options) {
		List<String> arguments = (options.arguments != null) ? options.arguments : List.of();
		return switch (options.kind) {
			case MAIN_CLASS -> JavaCommand.ofMainClass(options.code.get(0)).arguments(arguments);
			case JAR -> JavaCommand.ofJar(Path.of(options.code.get(0))).arguments(arguments);
			// devtools would watch the same classes and restart the worker by itself
			default -> this.code.get()
				.command(this.defaults.mainClass())
				.systemProperty("spring.devtools.restart.enabled", "false")
				.arguments((options.arguments != null) ? arguments : this.defaults.arguments());
		};
	}

}
