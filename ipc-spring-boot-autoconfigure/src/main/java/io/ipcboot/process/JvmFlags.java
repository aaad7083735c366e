package io.ipcboot.process;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What is known of flags of the {@code java} command, java(1), before a JVM gets them.
 */
public final class JvmFlags {

	private static final Log logger = LogFactory.getLog(JvmFlags.class);

	/** The flags whose value is the argument that follows. */
	private static final Set<String> WITH_VALUE = Set.of("-cp", "-classpath", "--class-path", "-p", "--module-path",
			"--upgrade-module-path", "--add-modules", "--enable-native-access", "--limit-modules", "--add-exports",
			"--add-opens", "--add-reads", "--patch-module");

	/** The flags that name the program, which is not for the flags to decide. */
	private static final Set<String> PROGRAM = Set.of("-jar", "-m", "--module");

	private static final List<String> HEAP = List.of("-Xmx", "-XX:MaxHeapSize=", "-XX:MaxRAMPercentage=",
			"-XX:MaxRAMFraction=");

	/** Flags that make a JVM listen on a port, which is the only group. */
	private static final List<Pattern> LISTENING = List.of(
			Pattern.compile("-(?:agentlib:jdwp=|Xrunjdwp:)(?=.*\\bserver=y).*\\baddress=(?:[^,]*:)?(\\d+)(?:,.*)?"),
			Pattern.compile("-Dcom\\.sun\\.management\\.jmxremote\\.(?:rmi\\.)?port=(\\d+)"),
			// exporters and profilers
			Pattern.compile("-(?:javaagent|agentpath):.*[=,:]port=(\\d+)(?:,.*)?"),
			Pattern.compile("-javaagent:[^=]*=(?:[^,=:]*:)?(\\d+):.*"));

	private static final Pattern SECOND_FLAG = Pattern.compile(".*\\s-(?:D|X|-|agent|javaagent|ea\\b).*",
			Pattern.DOTALL);

	private JvmFlags() {
	}

	/**
	 * Check that all arguments are flags: the JVM would take anything else for the class
	 * to run.
	 * @param arguments the arguments
	 * @throws IllegalArgumentException if an argument is no flag
	 */
	public static void require(List<String> arguments) {
		boolean value = false;
		for (String argument : arguments) {
			if (value) {
				value = false;
			}
			else if (PROGRAM.contains(argument)) {
				throw new IllegalArgumentException(
						"'%s' names another program and is no flag for the JVM".formatted(argument));
			}
			else if (!argument.startsWith("-") && !argument.startsWith("@")) {
				throw new IllegalArgumentException(
						("'%s' is no flag for the JVM: a flag begins with - or, if it names a "
								+ "file with flags, with @")
							.formatted(argument));
			}
			else {
				value = WITH_VALUE.contains(argument);
				if (SECOND_FLAG.matcher(argument).matches()) {
					logger.warn("'%s' is one argument for the JVM; to give it several flags, separate them"
						.formatted(argument));
				}
			}
		}
	}

	/**
	 * Return the flag that limits the heap.
	 * @param flags the flags
	 * @return the last one, {@code null} if there is none
	 */
	public static @Nullable String heap(List<String> flags) {
		return flags.stream()
			.filter((flag) -> HEAP.stream().anyMatch(flag::startsWith))
			.reduce((first, second) -> second)
			.orElse(null);
	}

	/**
	 * Return a flag that makes the JVM listen on one certain port, on which only one JVM
	 * can listen.
	 * @param flags the flags
	 * @return the first such flag, {@code null} if there is none
	 */
	public static @Nullable String fixedPort(List<String> flags) {
		return flags.stream().filter(JvmFlags::hasFixedPort).findFirst().orElse(null);
	}

	private static boolean hasFixedPort(String flag) {
		return LISTENING.stream()
			.map((pattern) -> pattern.matcher(flag))
			.filter(Matcher::matches)
			.anyMatch((match) -> !match.group(1).matches("0+"));
	}

}
