package io.ipcboot.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * An argument file of the {@code java} command, for a class path that is too long for the
 * command line, and for flags that other users should not see.
 */
final class ArgumentFile {

	/**
	 * The limit of one argument: Linux refuses 128 KB, {@code MAX_ARG_STRLEN}; execve(2).
	 */
	static final int MAX_ARGUMENT = 120 * 1024;

	/** The encoding of command lines. */
	private static final Charset ENCODING = Charset
		.forName(System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));

	private ArgumentFile() {
	}

	/** Return whether an argument is too long for the command line. */
	static boolean isTooLong(String argument) {
		return argument.getBytes(ENCODING).length > MAX_ARGUMENT;
	}

	static Path create(Path directory, List<String> arguments) throws IOException {
		Path file = TemporaryDirectory.createFile(directory, "ipc-" + ProcessHandle.current().pid() + "-", ".args");
		try {
			return Files.writeString(file,
					arguments.stream().map(ArgumentFile::quote).collect(Collectors.joining("\n")), ENCODING);
		}
		catch (IOException ex) {
			delete(file);
			throw ex;
		}
	}

	/**
	 * Quote an argument in the way that the {@code java} command expects, "java
	 * Command-Line Argument Files" in java(1).
	 */
	static String quote(String argument) {
		StringBuilder quoted = new StringBuilder(argument.length() + 16).append('"');
		argument.chars().forEach((character) -> {
			switch (character) {
				case '\\', '"' -> quoted.append('\\').append((char) character);
				case '\n' -> quoted.append("\\n");
				case '\r' -> quoted.append("\\r");
				case '\t' -> quoted.append("\\t");
				case '\f' -> quoted.append("\\f");
				default -> quoted.append((char) character);
			}
		});
		return quoted.append('"').toString();
	}

	static void delete(@Nullable Path file) {
		try {
			if (file != null) {
				Files.deleteIfExists(file);
			}
		}
		catch (IOException ex) {
			// it lies in the directory for temporary files
		}
	}

}
