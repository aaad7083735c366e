package io.ipcboot.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Builds the command line of a forked JVM. Of the flags of this JVM, only harmless ones
 * are passed on.
 */
public final class JavaCommand {

	/**
	 * The heap size up to which one thread collects the heap, since there are several
	 * JVMs.
	 */
	private static final long SMALL_HEAP = 1024L * 1024 * 1024;

	private final List<String> code;

	private final @Nullable String classPath;

	private final Map<String, String> systemProperties = new LinkedHashMap<>();

	private List<String> jvmArguments = List.of();

	private List<String> arguments = List.of();

	private @Nullable Path javaHome;

	private long maxHeap;

	private int processors;

	private boolean heapDump;

	private JavaCommand(List<String> code, @Nullable String classPath) {
		this.code = code;
		this.classPath = classPath;
	}

	/**
	 * Create a command that runs a class from the class path of this JVM.
	 * @param mainClass the class with the main method
	 * @return a command
	 */
	public static JavaCommand ofMainClass(String mainClass) {
		return new JavaCommand(List.of(mainClass), absolute(System.getProperty("java.class.path")));
	}

	static JavaCommand ofMainClass(String mainClass, List<Path> classPath) {
		return new JavaCommand(List.of(mainClass),
				classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
	}

	/**
	 * Create a command that runs an executable jar.
	 * @param jar the jar
	 * @return a command
	 */
	public static JavaCommand ofJar(Path jar) {
		return new JavaCommand(List.of("-jar", jar.toAbsolutePath().toString()), null);
	}

	/**
	 * Set a system property, which all users of this machine can see.
	 * @param name the name of the property
	 * @param value the value of the property
	 * @return this command
	 */
	public JavaCommand systemProperty(String name, String value) {
		this.systemProperties.put(name, value);
		return this;
	}

	/**
	 * Set flags of the JVM. They come last and take precedence.
	 * @param newJvmArguments the flags
	 * @return this command
	 */
	public JavaCommand jvmArguments(List<String> newJvmArguments) {
		this.jvmArguments = newJvmArguments;
		return this;
	}

	/**
	 * Set the arguments of the program.
	 * @param newArguments the arguments
	 * @return this command
	 */
	public JavaCommand arguments(List<String> newArguments) {
		this.arguments = newArguments;
		return this;
	}

	/**
	 * Use another Java installation than that of this JVM.
	 * @param newJavaHome the directory with {@code bin/java}
	 * @return this command
	 */
	public JavaCommand javaHome(@Nullable Path newJavaHome) {
		this.javaHome = newJavaHome;
		return this;
	}

	/**
	 * Limit the heap.
	 * @param bytes the maximum, 0 to leave it to the JVM
	 * @return this command
	 */
	public JavaCommand maxHeap(long bytes) {
		this.maxHeap = bytes;
		return this;
	}

	/**
	 * Set how many processors the JVM may use.
	 * @param count the number, 0 for all
	 * @return this command
	 */
	public JavaCommand processors(int count) {
		this.processors = count;
		return this;
	}

	/**
	 * Keep a dump of the heap when it is full.
	 * @param newHeapDump whether to keep a dump
	 * @return this command
	 */
	public JavaCommand heapDump(boolean newHeapDump) {
		this.heapDump = newHeapDump;
		return this;
	}

	/**
	 * Return the command line without the class path.
	 * @return the program and its arguments
	 */
	public List<String> build() {
		List<String> command = new ArrayList<>();
		Path home = (this.javaHome != null) ? this.javaHome : Path.of(System.getProperty("java.home"));
		command.add(home.resolve("bin").resolve("java").toAbsolutePath().toString());
		command.addAll(InheritedFlags.ofThisJvm().commandLine());
		// received descriptors become channels of the JDK, and junixsocket loads a
		// library
		command.add("--add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
		command.add("--enable-native-access=ALL-UNNAMED");
		command.add("-XX:+ExitOnOutOfMemoryError");
		// kill -9 would leave the file with performance data behind
		command.add("-XX:-UsePerfData");
		if (this.processors > 0) {
			command.add("-XX:ActiveProcessorCount=" + this.processors);
		}
		if (this.heapDump) {
			command.add("-XX:+HeapDumpOnOutOfMemoryError");
		}
		if (this.maxHeap > 0) {
			command.add("-Xmx" + this.maxHeap);
			if (this.maxHeap <= SMALL_HEAP && this.jvmArguments.stream().noneMatch(JavaCommand::selectsCollector)) {
				command.add("-XX:+UseSerialGC");
			}
		}
		this.systemProperties.forEach((name, value) -> command.add("-D" + name + "=" + value));
		command.addAll(this.jvmArguments);
		command.addAll(this.code);
		command.addAll(this.arguments);
		return command;
	}

	/**
	 * Return the flags that this JVM got from its environment, which come first and which
	 * other users should not see.
	 * @return flags
	 */
	public List<String> privateFlags() {
		return InheritedFlags.ofThisJvm().environment();
	}

	/**
	 * Return the class path.
	 * @return the class path, or {@code null} if the JVM gets none
	 */
	public @Nullable String classPath() {
		return this.classPath;
	}

	/**
	 * Make paths absolute, since the child may have another working directory.
	 */
	static String absolute(String classPath) {
		return Stream.of(classPath.split(File.pathSeparator, -1))
			.map((entry) -> Path.of(entry).toAbsolutePath().toString())
			.collect(Collectors.joining(File.pathSeparator));
	}

	private static boolean selectsCollector(String flag) {
		return flag.startsWith("-XX:+Use") && flag.endsWith("GC");
	}

}
