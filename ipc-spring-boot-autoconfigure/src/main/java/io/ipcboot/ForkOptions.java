package io.ipcboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.pool.PoolSettings;
import io.ipcboot.process.CrashFiles;
import io.ipcboot.process.JvmFlags;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.Signal;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * What to fork, and how. Create an instance, set what differs from the defaults, and pass
 * it to {@link ChildProcessTemplate#fork}; an instance can be used again.
 */
public final class ForkOptions {

	enum Kind {

		SAME_APPLICATION, MAIN_CLASS, JAR, PROGRAM

	}

	final Kind kind;

	/** The main class, the jar, or the program and its first arguments. */
	final List<String> code;

	final List<String> profiles = new ArrayList<>();

	final List<String> jvmArguments = new ArrayList<>();

	final Map<String, String> systemProperties = new LinkedHashMap<>();

	final Map<String, String> properties = new LinkedHashMap<>();

	final Map<String, @Nullable String> environment = new LinkedHashMap<>();

	@Nullable List<String> arguments;

	@Nullable Path directory;

	@Nullable Path javaHome;

	@Nullable DataSize maxHeap;

	@Nullable ProcessOutput output;

	@Nullable Duration timeout;

	@Nullable Duration readyTimeout;

	Signal killSignal = Signal.TERM;

	Duration killGrace = PoolSettings.DEFAULT.killGrace();

	Duration drainTimeout = PoolSettings.DEFAULT.drainTimeout();

	boolean channel;

	boolean acceptHandles;

	int concurrency = 1;

	@Nullable List<String> inheritedEnvironment;

	List<String> commandPrefix = List.of();

	CrashFiles crashFiles = CrashFiles.DEFAULT;

	@Nullable DataSize outputLimit = DataSize.ofMegabytes(1);

	int nice;

	int processors;

	boolean heapDump;

	private ForkOptions(Kind kind, List<String> code, boolean channel) {
		this.kind = kind;
		this.code = code;
		this.channel = channel;
	}

	/**
	 * Fork this application in the role of a worker.
	 * @return options
	 */
	public static ForkOptions sameApplication() {
		return new ForkOptions(Kind.SAME_APPLICATION, List.of(), true);
	}

	/**
	 * Fork another main class from this application's class path. The class calls
	 * {@link ParentProcess#connect()} to open its channel.
	 * @param mainClass the class
	 * @return options
	 */
	public static ForkOptions mainClass(Class<?> mainClass) {
		return new ForkOptions(Kind.MAIN_CLASS, List.of(mainClass.getName()), true);
	}

	/**
	 * Fork an executable jar. If the jar is not a Spring Boot application with this
	 * library, it calls {@link ParentProcess#connect()} to open its channel.
	 * @param jar the jar
	 * @return options
	 */
	public static ForkOptions jar(Path jar) {
		return new ForkOptions(Kind.JAR, List.of(jar.toString()), true);
	}

	/**
	 * Start any program without a channel.
	 * @param command the program and its arguments
	 * @return options
	 */
	public static ForkOptions program(String... command) {
		if (command.length == 0) {
			throw new IllegalArgumentException("A program needs a name");
		}
		return new ForkOptions(Kind.PROGRAM, List.of(command), false);
	}

	/**
	 * Set whether the process has a channel as its standard input. For that, a program
	 * must implement the wire format, which the environment variable {@code IPC_CHANNEL}
	 * names.
	 * @param newChannel whether there is a channel
	 * @return these options
	 */
	public ForkOptions channel(boolean newChannel) {
		requireEnd(this.killSignal, newChannel);
		this.channel = newChannel;
		return this;
	}

	/**
	 * Activate profiles, in addition to {@code worker} and those of this application.
	 * @param names the profiles; the last one wins
	 * @return these options
	 */
	public ForkOptions profiles(String... names) {
		this.profiles.addAll(List.of(names));
		return this;
	}

	/**
	 * Set the arguments of the program. If this application is forked, the default is its
	 * own arguments.
	 * @param newArguments the arguments; all users of this machine can see them
	 * @return these options
	 */
	public ForkOptions arguments(String... newArguments) {
		this.arguments = List.of(newArguments);
		return this;
	}

	/**
	 * Set a system property on the command line.
	 * @param name its name
	 * @param value its value; all users of this machine can see it
	 * @return these options
	 */
	public ForkOptions systemProperty(String name, String value) {
		this.systemProperties.put(name, value);
		return this;
	}

	/**
	 * Set a property of the worker's Spring environment. The property travels over the
	 * channel, where other users cannot see it.
	 * @param name its name
	 * @param value its value
	 * @return these options
	 */
	public ForkOptions property(String name, String value) {
		this.properties.put(name, value);
		return this;
	}

	/**
	 * Set an environment variable, or remove an inherited one.
	 * @param name its name
	 * @param value its value; {@code null} to remove it
	 * @return these options
	 */
	public ForkOptions environment(String name, @Nullable String value) {
		this.environment.put(name, value);
		return this;
	}

	/**
	 * Inherit only some environment variables of this process; by default all except
	 * those that are meant for this process alone.
	 * @param names the names; {@code *} at the end matches any suffix
	 * @return these options
	 */
	public ForkOptions inheritEnvironment(String... names) {
		this.inheritedEnvironment = List.of(names);
		return this;
	}

	/**
	 * Start the process by means of another program, such as {@code prlimit},
	 * {@code setpriv} or {@code bwrap}, which must pass on the standard streams and the
	 * environment, and end with the process.
	 * @param command the program and its arguments, in front of the command
	 * @return these options
	 */
	public ForkOptions commandPrefix(String... command) {
		this.commandPrefix = List.of(command);
		return this;
	}

	/**
	 * Lower the priority of the process.
	 * @param newNice 0 to 19, nice(1)
	 * @return these options
	 * @throws IllegalArgumentException if the value is out of this range
	 */
	public ForkOptions nice(int newNice) {
		require(newNice >= 0 && newNice <= 19, "nice must be from 0 to 19, but is " + newNice);
		this.nice = newNice;
		return this;
	}

	/**
	 * Limit how many processors the process's JVM uses.
	 * @param newProcessors at least 1; 0 for all
	 * @return these options
	 */
	public ForkOptions processors(int newProcessors) {
		require(newProcessors >= 0, "processors must not be negative, but is " + newProcessors);
		this.processors = newProcessors;
		return this;
	}

	/**
	 * Keep a dump of the heap when it is full. The dump contains all data of the worker.
	 * @return these options
	 */
	public ForkOptions heapDump() {
		this.heapDump = true;
		return this;
	}

	/**
	 * Set where crash files of the process's JVM are kept.
	 * @param newCrashFiles the directory, and how many files are kept
	 * @return these options
	 */
	public ForkOptions crashFiles(CrashFiles newCrashFiles) {
		this.crashFiles = newCrashFiles;
		return this;
	}

	/**
	 * Limit how much output of the process is logged. Lines beyond the limit are counted
	 * and dropped.
	 * @param bytesPerSecond the limit, {@code null} for none
	 * @return these options
	 */
	public ForkOptions outputLimit(@Nullable DataSize bytesPerSecond) {
		this.outputLimit = bytesPerSecond;
		return this;
	}

	/**
	 * Set the working directory.
	 * @param newDirectory an existing directory
	 * @return these options
	 */
	public ForkOptions directory(Path newDirectory) {
		this.directory = newDirectory;
		return this;
	}

	/**
	 * Add flags of the JVM. They come last and take precedence.
	 * @param flags the flags, each an argument of its own
	 * @return these options
	 * @throws IllegalArgumentException if an argument is no flag
	 */
	public ForkOptions jvmArguments(String... flags) {
		JvmFlags.require(List.of(flags));
		this.jvmArguments.addAll(List.of(flags));
		return this;
	}

	/**
	 * Use another Java installation.
	 * @param newJavaHome the directory with {@code bin/java}
	 * @return these options
	 */
	public ForkOptions javaHome(Path newJavaHome) {
		this.javaHome = newJavaHome;
		return this;
	}

	/**
	 * Limit the heap.
	 * @param newMaxHeap the maximum
	 * @return these options
	 */
	public ForkOptions maxHeap(DataSize newMaxHeap) {
		require(newMaxHeap.toMegabytes() >= 2, "max-heap must be at least 2 MB, but is " + newMaxHeap);
		this.maxHeap = newMaxHeap;
		return this;
	}

	/**
	 * Set the destination of the lines that the process prints. By default that is the
	 * log: what a worker logs is logged with the same logger and level, all else as
	 * {@code ipc.worker.<pool>.<slot>}.
	 * @param newOutput {@link ProcessOutput#INHERIT}, {@link ProcessOutput#DISCARD} or a
	 * consumer
	 * @return these options
	 */
	public ForkOptions output(ProcessOutput newOutput) {
		this.output = newOutput;
		return this;
	}

	/**
	 * Limit how long the process may run. After that time it gets the
	 * {@linkplain #killSignal(String) kill signal}, as with {@link ChildProcess#kill()}.
	 * @param newTimeout the time from its start
	 * @return these options
	 */
	public ForkOptions timeout(Duration newTimeout) {
		if (newTimeout.isNegative() || newTimeout.isZero()) {
			throw new IllegalArgumentException("The timeout of a process must be positive, but is " + newTimeout);
		}
		this.timeout = newTimeout;
		return this;
	}

	/**
	 * Set the signal that ends the process after its timeout and on
	 * {@link ChildProcess#kill()}.
	 * @param name a signal such as {@code SIGTERM}, which is the default
	 * @return these options
	 * @throws IllegalArgumentException if there is no such signal, or the process does
	 * not end on it, such as a JVM on {@code SIGQUIT}
	 */
	public ForkOptions killSignal(String name) {
		Signal signal = Signal.of(name);
		requireEnd(signal, this.channel);
		this.killSignal = signal;
		return this;
	}

	private void requireEnd(Signal signal, boolean withChannel) {
		String survival = signal.survival(this.kind != Kind.PROGRAM, withChannel);
		require(survival == null,
				"%s cannot be the kill signal: %s. Use SIGTERM or SIGKILL".formatted(signal, survival));
	}

	/**
	 * Set how long a process with a channel may take to begin to leave after it got its
	 * {@linkplain #killSignal(String) kill signal}. A process that does not react within
	 * that time is killed; one that reacts has the {@linkplain #drainTimeout(Duration)
	 * drain timeout}. In a pool, {@link PoolSettings#killGrace()} counts instead.
	 * @param newKillGrace the time, 5 seconds by default; zero to kill at once
	 * @return these options
	 */
	public ForkOptions killGrace(Duration newKillGrace) {
		require(!newKillGrace.isNegative(), "The kill grace must not be negative, but is " + newKillGrace);
		this.killGrace = newKillGrace;
		return this;
	}

	/**
	 * Set how long the process may take to finish what it has started when it is asked to
	 * end: by {@link ChildProcess#disconnect()}, {@link ChildProcess#close()},
	 * {@link ChildProcess#kill()} or its timeout. After that time the process is killed.
	 * In a pool, {@link PoolSettings#drainTimeout()} counts instead.
	 * @param newDrainTimeout the time, 20 seconds by default; zero to kill at once
	 * @return these options
	 */
	public ForkOptions drainTimeout(Duration newDrainTimeout) {
		require(!newDrainTimeout.isNegative(), "The drain timeout must not be negative, but is " + newDrainTimeout);
		this.drainTimeout = newDrainTimeout;
		return this;
	}

	/**
	 * Limit how long the process may take until it is ready.
	 * @param newReadyTimeout the time from its start; zero for no limit
	 * @return these options
	 */
	public ForkOptions readyTimeout(Duration newReadyTimeout) {
		if (newReadyTimeout.isNegative()) {
			throw new IllegalArgumentException(
					"The time until a process is ready must not be negative, but is " + newReadyTimeout);
		}
		this.readyTimeout = newReadyTimeout;
		return this;
	}

	/**
	 * Let the process send handles to this one.
	 * @return these options
	 */
	public ForkOptions acceptHandles() {
		this.acceptHandles = true;
		return this;
	}

	/**
	 * Set how many messages the worker's listeners take at a time, unless they have a
	 * setting of their own.
	 * @param newConcurrency at least 1, which is the default
	 * @return these options
	 */
	public ForkOptions concurrency(int newConcurrency) {
		if (newConcurrency < 1) {
			throw new IllegalArgumentException("The concurrency must be at least 1, but is " + newConcurrency);
		}
		this.concurrency = newConcurrency;
		return this;
	}

	/**
	 * Return a copy for a pool, which reads its options at every fork.
	 */
	ForkOptions copy() {
		ForkOptions copy = new ForkOptions(this.kind, this.code, this.channel);
		copy.profiles.addAll(this.profiles);
		copy.jvmArguments.addAll(this.jvmArguments);
		copy.systemProperties.putAll(this.systemProperties);
		copy.properties.putAll(this.properties);
		copy.environment.putAll(this.environment);
		copy.arguments = this.arguments;
		copy.directory = this.directory;
		copy.javaHome = this.javaHome;
		copy.maxHeap = this.maxHeap;
		copy.output = this.output;
		copy.timeout = this.timeout;
		copy.readyTimeout = this.readyTimeout;
		copy.killSignal = this.killSignal;
		copy.killGrace = this.killGrace;
		copy.drainTimeout = this.drainTimeout;
		copy.acceptHandles = this.acceptHandles;
		copy.concurrency = this.concurrency;
		copy.inheritedEnvironment = this.inheritedEnvironment;
		copy.commandPrefix = this.commandPrefix;
		copy.crashFiles = this.crashFiles;
		copy.outputLimit = this.outputLimit;
		copy.nice = this.nice;
		copy.processors = this.processors;
		copy.heapDump = this.heapDump;
		return copy;
	}

	private static void require(boolean valid, String problem) {
		if (!valid) {
			throw new IllegalArgumentException(problem);
		}
	}

}
