package io.ipcboot.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Everything the operating system has to know to start a process.
 *
 * @param command the program and its arguments
 * @param java whether the program is a JVM
 * @param classPath the class path, if the program is a JVM that gets one on its command
 * line
 * @param environment the whole environment
 * @param directory the working directory, or {@code null} for the one of this process
 * @param output where the lines go that it prints
 * @param channel whether its standard input is a channel to this process
 * @param timeout how long it may run, or {@code null} for no limit
 * @param killSignal what ends it after the timeout
 * @param isolation how it is kept apart from others, or {@code null} if it is not
 */
public record ProcessSpec(List<String> command, boolean java, @Nullable String classPath,
		Map<String, String> environment, @Nullable Path directory, ProcessOutput output, boolean channel,
		@Nullable Duration timeout, Signal killSignal, @Nullable Isolation isolation) {

	public ProcessSpec {
		command.forEach((argument) -> requireNoNul("an argument", argument));
		environment.forEach((name, value) -> {
			requireNoNul("the name of an environment variable", name);
			requireNoNul("the environment variable " + name, value);
		});
		command = List.copyOf(command);
		environment = Map.copyOf(environment);
	}

	private static void requireNoNul(String what, String value) {
		if (value.indexOf('\0') >= 0) {
			throw new IllegalArgumentException("There is a NUL character in %s: '%s'".formatted(what, value));
		}
	}

}
