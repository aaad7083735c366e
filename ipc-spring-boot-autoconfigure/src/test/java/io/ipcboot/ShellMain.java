package io.ipcboot;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;

/**
 * Runs the shell script on its standard input, as any application can.
 */
public final class ShellMain {

	private ShellMain() {
	}

	public static void main(String[] arguments) throws IOException {
		String script = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
		System.out.print(run(script, Redirect.PIPE));
	}

	/** Run a script and return what it prints. */
	static String run(String script, Redirect input) {
		ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).redirectInput(input);
		try (InputStream output = builder.start().getInputStream()) {
			return new String(output.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
