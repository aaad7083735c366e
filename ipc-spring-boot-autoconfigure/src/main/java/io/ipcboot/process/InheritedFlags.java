package io.ipcboot.process;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The flags of this JVM that a child gets too: only harmless ones. Flags for debuggers,
 * management ports, agents, recordings, log and dump files, heap sizes and tuning are not
 * passed on.
 *
 * @param commandLine flags that all users of this machine can see
 * @param environment flags from variables, which other users cannot see
 */
record InheritedFlags(List<String> commandLine, List<String> environment) {

	private static final List<String> ALLOWED = List.of("-D", "--add-opens=", "--add-exports=", "--add-modules=",
			"--add-reads=", "--enable-native-access=", "--enable-preview", "-ea", "-enableassertions", "-da",
			"-disableassertions", "-esa", "-dsa", "-Xss");

	private static final List<String> DENIED_PROPERTIES = List.of("com.sun.management.", "java.rmi.server.",
			"sun.management.", "spring.devtools.", "spring.pid.", "logging.file.", "LOG_FILE", "LOG_PATH", "PID",
			"server.port", "management.server.", "java.class.path", "java.io.tmpdir", "jdk.module.", "sun.java.",
			"surefire.", "org.springframework.boot.logging.", "spring.jmx.", "spring.application.admin.",
			"spring.liveBeansView.",
			// code that was generated when the application was built is for a parent
			"spring.aot.");

	private static final Pattern FLAG = Pattern.compile("(?:[^\\s\"']|\"[^\"]*\"|'[^']*')+");

	private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"|'([^']*)'");

	private static final List<String> FLAG_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",
			"JDK_JAVA_OPTIONS");

	static InheritedFlags ofThisJvm() {
		return divide(ManagementFactory.getRuntimeMXBean().getInputArguments(),
				FLAG_VARIABLES.stream().map(System::getenv).filter(Objects::nonNull).toList());
	}

	/**
	 * Divide the flags of a JVM by where they come from.
	 * @param arguments all flags of the JVM
	 * @param variables the values of the variables with flags
	 */
	static InheritedFlags divide(List<String> arguments, List<String> variables) {
		List<String> commandLine = new ArrayList<>(arguments);
		List<String> environment = new ArrayList<>();
		for (String variable : variables) {
			for (String flag : separate(variable)) {
				if (commandLine.remove(flag)) {
					environment.add(flag);
				}
			}
		}
		return new InheritedFlags(filter(commandLine), filter(environment));
	}

	/**
	 * Separate the flags in a variable as a JVM does: at white space outside of quotes,
	 * which are dropped. No character can be escaped.
	 */
	private static List<String> separate(String variable) {
		return FLAG.matcher(variable)
			.results()
			.map((match) -> QUOTED.matcher(match.group())
				.replaceAll((quoted) -> Matcher
					.quoteReplacement((quoted.group(1) != null) ? quoted.group(1) : quoted.group(2))))
			.toList();
	}

	static List<String> filter(List<String> arguments) {
		return arguments.stream().filter(InheritedFlags::isAllowed).toList();
	}

	private static boolean isAllowed(String argument) {
		if (argument.startsWith("-D")) {
			return DENIED_PROPERTIES.stream().noneMatch(argument.substring(2)::startsWith);
		}
		return ALLOWED.stream().anyMatch(argument::startsWith);
	}

}
