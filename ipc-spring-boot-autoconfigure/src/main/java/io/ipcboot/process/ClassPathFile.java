package io.ipcboot.process;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.jspecify.annotations.Nullable;

/**
 * An argument file of the {@code java} command with the class path, for a class path that
 * is too long for the command line.
 */
final class ClassPathFile {

	/** Linux refuses arguments of 128 KB, {@code MAX_ARG_STRLEN}; execve(2). */
	static final int MAX_ARGUMENT = 120 * 1024;

	/** The encoding of command lines. */
	private static final Charset ENCODING = Charset
		.forName(System.getProperty("sun.jnu.encoding", Charset.defaultCharset().name()));

	private ClassPathFile() {
	}

	static @Nullable Path createIfNeeded(@Nullable String classPath) throws IOException {
		if (classPath == null || classPath.getBytes(ENCODING).length <= MAX_ARGUMENT) {
			return null;
		}
		Path file = Files.createTempFile("ipc-" + ProcessHandle.current().pid() + "-", ".args",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		try {
			return Files.writeString(file, "-cp " + quote(classPath), ENCODING);
		}
		catch (IOException ex) {
			delete(file);
			throw ex;
		}
	}

	/**
	 * Quote an argument as the {@code java} command reads it, "java Command-Line Argument
	 * Files" in java(1).
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
