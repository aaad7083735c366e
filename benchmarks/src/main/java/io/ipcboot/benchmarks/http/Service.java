package io.ipcboot.benchmarks.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Processes that serve the page on one port.
 */
final class Service implements AutoCloseable {

	private static final long START_LIMIT = TimeUnit.SECONDS.toNanos(90);

	private final List<Process> processes = new ArrayList<>();

	private final int port;

	private Service(int port) {
		this.port = port;
	}

	static Service java(int port, String... properties) throws IOException {
		Service service = new Service(port);
		service.start(javaCommand(port, properties));
		return service;
	}

	static Service node(int port, Path script, String mode) throws IOException {
		Service service = new Service(port);
		service.start(List.of("node", script.toString(), Integer.toString(port), mode));
		return service;
	}

	/** Two plain instances behind nginx. */
	static Service nginx(int port, Path directory) throws IOException {
		Service service = new Service(port);
		service.start(javaCommand(port + 1));
		service.start(javaCommand(port + 2));
		Path configuration = directory.resolve("nginx.conf");
		Files.writeString(configuration, """
				daemon off; worker_processes 1; pid %1$s/nginx.pid; error_log %1$s/nginx.err crit;
				events { worker_connections 4096; }
				http {
					access_log off;
					keepalive_requests 100000000;
					upstream application { server 127.0.0.1:%3$d; server 127.0.0.1:%4$d; keepalive 64;
						keepalive_requests 100000000; }
					server { listen 127.0.0.1:%2$d backlog=4096;
						location / { proxy_pass http://application; proxy_http_version 1.1;
							proxy_set_header Connection ""; } }
				}
				""".formatted(directory, port, port + 1, port + 2));
		service.start(List.of("nginx", "-p", directory.toString(), "-c", configuration.toString()));
		return service;
	}

	private static List<String> javaCommand(int port, String... properties) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
						System.getProperty("java.class.path"), HelloApplication.class.getName(),
						"--server.port=" + port, "--server.address=127.0.0.1", "--spring.main.banner-mode=off",
						"--logging.level.root=warn", "--server.tomcat.max-keep-alive-requests=-1"));
		command.addAll(Arrays.asList(properties));
		return command;
	}

	private void start(List<String> command) throws IOException {
		this.processes.add(new ProcessBuilder(command).inheritIO().start());
	}

	void await() throws IOException, InterruptedException {
		long limit = System.nanoTime() + START_LIMIT;
		while (!answers()) {
			if (System.nanoTime() > limit || this.processes.stream().anyMatch((process) -> !process.isAlive())) {
				throw new IOException("The service does not answer on port " + this.port);
			}
			Thread.sleep(100);
		}
	}

	private boolean answers() {
		try {
			HttpURLConnection connection = (HttpURLConnection) URI.create(url()).toURL().openConnection();
			return connection.getResponseCode() == 200;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/** The processor time that all processes of the service have used so far. */
	Duration cpu() {
		return this.processes.stream()
			.flatMap((process) -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
			.map((process) -> process.info().totalCpuDuration().orElse(Duration.ZERO))
			.reduce(Duration.ZERO, Duration::plus);
	}

	String url() {
		return "http://127.0.0.1:" + this.port + "/hello";
	}

	@Override
	public void close() {
		this.processes.forEach(Process::destroy);
		for (Process process : this.processes) {
			try {
				if (!process.waitFor(40, TimeUnit.SECONDS)) {
					process.destroyForcibly();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

}
