package io.ipcboot.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The demo as a process of its own, started the way a user starts it, on free ports.
 */
final class RunningDemo implements AutoCloseable {

	static final Path JAR = Path.of("target", "demo-app.jar").toAbsolutePath();

	static final Path PHOTO = Path.of("photo.jpg");

	/** Of the pools in {@code application.yml}. */
	static final int WORKERS = 4;

	private static final Duration TIMEOUT = Duration.ofSeconds(120);

	private HttpClient client = newClient();

	/** Every process that was seen, as orphans cannot be found later. */
	private final Set<ProcessHandle> processes = ConcurrentHashMap.newKeySet();

	private final Process process;

	private final Path temporaryFiles;

	private final Path output;

	private final int httpPort;

	private final int handoffPort;

	private final int sharedPort;

	private RunningDemo(Process process, Path temporaryFiles, Path output) {
		this.process = process;
		this.temporaryFiles = temporaryFiles;
		this.output = output;
		await("the list of things to try").atMost(TIMEOUT)
			.until(() -> !process.isAlive() || output().contains("Ctrl-C"));
		assertThat(process.isAlive()).as("the demo runs; it has printed:\n%s", output()).isTrue();
		this.httpPort = port("http://127.0.0.1:(\\d+)/thumbnails");
		this.handoffPort = port("nc -s 127.0.0.2 127.0.0.1 (\\d+)");
		this.sharedPort = port("do nc 127.0.0.1 (\\d+)");
	}

	private static HttpClient newClient() {
		return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
	}

	/** Lets the next request open a connection, which another process may accept. */
	void closeConnections() {
		this.client = newClient();
	}

	static RunningDemo ofJar(Path directory) throws IOException {
		return start(directory, "-jar", JAR.toString());
	}

	/**
	 * Start the demo and wait until it says what to try.
	 * @param directory for its output and its temporary files
	 * @param code what {@code java} is to run
	 */
	static RunningDemo start(Path directory, String... code) throws IOException {
		Path temporaryFiles = Files.createDirectory(directory.resolve("tmp"));
		Path output = directory.resolve("output.log");
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Djava.io.tmpdir=" + temporaryFiles));
		command.addAll(List.of(code));
		command.addAll(List.of("--server.port=0", "--demo.handoff-port=0", "--demo.shared-port=0"));
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
		try {
			return new RunningDemo(process, temporaryFiles, output);
		}
		catch (RuntimeException | Error ex) {
			process.descendants().forEach(ProcessHandle::destroyForcibly);
			process.destroyForcibly();
			throw ex;
		}
	}

	private int port(String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(output());
		assertThat(matcher.find()).as("a port in\n%s", output()).isTrue();
		return Integer.parseInt(matcher.group(1));
	}

	String output() {
		try {
			return Files.readString(this.output);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	Process process() {
		return this.process;
	}

	List<ProcessHandle> workers() {
		List<ProcessHandle> workers = this.process.children().toList();
		this.processes.addAll(workers);
		return workers;
	}

	List<Long> workerPids() {
		return workers().stream().map(ProcessHandle::pid).toList();
	}

	void kill(long worker) {
		ProcessHandle handle = workers().stream().filter((child) -> child.pid() == worker).findFirst().orElseThrow();
		assertThat(handle.destroyForcibly()).isTrue();
	}

	void awaitAllWorkers() {
		await().atMost(TIMEOUT).until(() -> workers().size() == WORKERS);
	}

	List<Integer> ports() {
		return List.of(this.httpPort, this.handoffPort, this.sharedPort);
	}

	List<Path> temporaryFiles() throws IOException {
		try (var files = Files.list(this.temporaryFiles)) {
			return files.toList();
		}
	}

	HttpResponse<byte[]> post(String path) throws IOException, InterruptedException {
		return post(path, "application/octet-stream", BodyPublishers.noBody());
	}

	HttpResponse<byte[]> postPhoto() throws IOException, InterruptedException {
		return post("/thumbnails", "image/jpeg", BodyPublishers.ofFile(PHOTO));
	}

	HttpResponse<byte[]> post(String path, String contentType, BodyPublisher body)
			throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.httpPort + path))
			.header("Content-Type", contentType)
			.timeout(TIMEOUT)
			.POST(body)
			.build();
		return this.client.send(request, BodyHandlers.ofByteArray());
	}

	/**
	 * Connect to the port whose connections are handed over.
	 * @param from the address of this machine to connect from
	 */
	Socket connectToHandoff(String from) throws IOException {
		return connect(this.handoffPort, InetAddress.getByName(from));
	}

	Socket connectToShared() throws IOException {
		return connect(this.sharedPort, InetAddress.getLoopbackAddress());
	}

	private static Socket connect(int port, InetAddress from) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
		socket.setSoTimeout((int) TIMEOUT.toMillis());
		return socket;
	}

	/** Ends the demo as a service manager does, and leaves no process behind. */
	@Override
	public void close() {
		workers();
		this.processes.add(this.process.toHandle());
		this.process.destroy();
		try {
			await().atMost(TIMEOUT).until(() -> this.processes.stream().noneMatch(ProcessHandle::isAlive));
		}
		finally {
			this.processes.forEach(ProcessHandle::destroyForcibly);
		}
	}

}
