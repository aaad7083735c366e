package io.ipcboot.benchmarks;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A parent process that is told what to measure, line by line.
 */
final class Contestant implements Closeable {

	private final Process process;

	private final BufferedReader results;

	private final PrintWriter commands;

	private final int port;

	private Contestant(Process process) throws IOException {
		this.process = process;
		this.results = process.inputReader();
		this.commands = new PrintWriter(process.outputWriter(), true);
		this.port = Integer.parseInt(expect("port"));
	}

	static Contestant start(boolean pinned, List<String> command) throws IOException {
		List<String> full = new ArrayList<>();
		if (pinned) {
			full.addAll(List.of("taskset", "-c", "0"));
		}
		full.addAll(command);
		return new Contestant(new ProcessBuilder(full).redirectError(ProcessBuilder.Redirect.INHERIT).start());
	}

	double run(Workload workload, long millis) throws IOException {
		if (workload == Workload.SOCKETS) {
			return new SocketClients(this.port).run(millis);
		}
		this.commands.println(workload.name() + " " + millis);
		return Double.parseDouble(expect("result"));
	}

	private String expect(String word) throws IOException {
		String line = this.results.readLine();
		if (line == null || !line.startsWith(word + " ")) {
			throw new IOException("expected '" + word + "', got '" + line + "'");
		}
		return line.substring(word.length() + 1);
	}

	@Override
	public void close() throws IOException {
		this.commands.close();
		try {
			if (!this.process.waitFor(10, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
