package io.ipcboot.process;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * The flags of this JVM that a child gets too: only harmless ones. Debuggers, management
 * ports, agents, recordings, log and dump files, heap sizes and tuning stay here.
 */
final class InheritedFlags {

	private static final List<String> ALLOWED = List.of("-D", "--add-opens=", "--add-exports=", "--add-modules=",
			"--add-reads=", "--enable-native-access=", "--enable-preview", "-ea", "-enableassertions", "-da",
			"-disableassertions", "-esa", "-dsa", "-Xss");

	private static final List<String> DENIED_PROPERTIES = List.of("com.sun.management.", "java.rmi.server.",
			"sun.management.", "spring.devtools.", "spring.pid.", "logging.file.", "LOG_FILE", "LOG_PATH", "PID",
			"server.port", "management.server.", "java.class.path", "java.io.tmpdir", "jdk.module.", "sun.java.",
			"surefire.", "org.springframework.boot.logging.", "spring.jmx.", "spring.application.admin.",
			"spring.liveBeansView.",
			// what was generated when the application was built is for the role of the
			// parent
			"spring.aot.");

	private static final List<String> FLAG_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS",
			"JDK_JAVA_OPTIONS");

	private InheritedFlags() {
	}

	static List<String> ofThisJvm() {
		List<String> arguments = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
		for (String variable : FLAG_VARIABLES) {
			String value = System.getenv(variable);
			if (value != null) {
				for (String flag : value.trim().split("\\s+")) {
					arguments.remove(flag);
				}
			}
		}
		return filter(arguments);
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
