package io.ipcboot;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

import io.ipcboot.pool.WorkerStartException;

/**
 * An application that forks itself each time it reads a line, and prints the version of
 * itself and of its worker.
 */
public final class SelfForkMain {

	public static final String VERSION_FILE = "version.txt";

	private SelfForkMain() {
	}

	public static void main(String[] arguments) throws IOException {
		if (IpcRole.current() == IpcRole.WORKER) {
			ParentProcess parent = ParentProcess.connect();
			parent.answer("version", String.class, (nothing) -> version());
			parent.ready();
			return;
		}
		// an archive that was overwritten cannot be read, and resources are read from a
		// new one
		String version = version();
		try (StandaloneTemplate processes = new StandaloneTemplate();
				BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
			System.out.println("ready");
			while (input.readLine() != null) {
				System.out.println("answer: parent " + version + ", worker " + versionOfWorker(processes));
			}
		}
	}

	private static String versionOfWorker(StandaloneTemplate processes) {
		try (ChildProcess worker = processes
			.fork(ForkOptions.sameApplication().jvmArguments("-XX:TieredStopAtLevel=1", "-Xshare:auto"))) {
			return worker.call("version", null, String.class);
		}
		catch (WorkerStartException | IllegalStateException ex) {
			return "refused: " + ex.getMessage();
		}
	}

	private static String version() {
		try (InputStream version = SelfForkMain.class.getResourceAsStream("/" + VERSION_FILE)) {
			return new String(version.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
