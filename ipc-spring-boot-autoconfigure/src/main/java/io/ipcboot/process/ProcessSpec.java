package io.ipcboot.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Everything that is needed to start a process.
 *
 * @param command the program and its arguments
 * @param java whether the program is a JVM
 * @param classPath the class path, if the program is a JVM that gets one on its command
 * line
 * @param privateFlags flags for the JVM that other users should not see
 * @param environment the environment
 * @param directory the working directory, or {@code null} for the one of this process
 * @param output consumes the lines that the process prints
 * @param channel whether standard input is a channel to this process
 * @param timeout how long the process may run, or {@code null} for no limit
 * @param killSignal the signal that asks the process to end
 * @param drainTimeout how long the process may then take until it is killed
 * @param isolation how the process is kept apart from others, or {@code null} if it is
 * not
 */
public record ProcessSpec(List<String> command, boolean java, @Nullable String classPath, List<String> privateFlags,
		ChildEnvironment environment, @Nullable Path directory, ProcessOutput output, boolean channel,
		@Nullable Duration timeout, Signal killSignal, Duration drainTimeout, @Nullable Isolation isolation) {

	public ProcessSpec {
		command.forEach((argument) -> requireNoNul("an argument", argument));
		privateFlags = List.copyOf(privateFlags);
		command = List.copyOf(command);
	}

	static void requireNoNul(String what, String value) {
		if (value.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("There is a NUL character in %s: '%s'".formatted(what, value));
		}
	}

}
