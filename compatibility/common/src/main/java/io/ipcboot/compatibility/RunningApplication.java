package io.ipcboot.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieManager;
import java.net.UnixDomainSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that runs in processes of its own, started and stopped like any other.
 */
public final class RunningApplication implements AutoCloseable {

	/** How a JVM ends after a SIGTERM. */
	private static final int TERMINATED = 143;

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final Path directory;

	private final Mode mode;

	private final Process process;

	private final CookieManager cookies = new CookieManager();

	private final Set<Long> pids = new HashSet<>();

	private int otherPorts;

	private int exits;

	private RunningApplication(Path directory, Mode mode, Process process) {
		this.directory = directory;
		this.mode = mode;
		this.process = process;
	}

	/**
	 * Start an application on the class path of the test.
	 * @param directory its working directory and directory for temporary files
	 * @param main its main class
	 * @param mode how it runs
	 * @param arguments its arguments
	 */
	static RunningApplication start(Path directory, Class<?> main, Mode mode, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(List.of(
				Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
				"-Xmx160m", "-Djava.io.tmpdir=" + directory, "-cp", System.getProperty("java.class.path"),
				main.getName(), "--server.port=0", "--server.address=127.0.0.1",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1", "--ipc.pools.default.max-heap=128MB",
				"--spring.main.banner-mode=off", "--" + FactsSocket.PROPERTY + "=" + directory.resolve("facts")));
		if (mode == Mode.ALONE) {
			command.removeIf((argument) -> argument.startsWith("--ipc."));
		}
		command.addAll(mode.arguments());
		command.addAll(List.of(arguments));
		return new RunningApplication(directory, mode,
				new ProcessBuilder(command).directory(directory.toFile())
					.redirectErrorStream(true)
					.redirectOutput(directory.resolve("output.txt").toFile())
					.start());
	}

	RunningApplication awaitReady() {
		try {
			await("start", () -> assertThat(facts().workers()).hasSize(this.mode.workers()));
		}
		catch (Throwable ex) {
			this.process.destroyForcibly();
			throw ex;
		}
		return this;
	}

	/**
	 * Declare ports that the parent opens beside that of its web server.
	 * @param number how many
	 * @return this
	 */
	public RunningApplication withOtherPorts(int number) {
		this.otherPorts = number;
		return this;
	}

	/**
	 * Ask all processes about themselves.
	 * @return the facts
	 */
	public ApplicationFacts facts() {
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(this.directory.resolve("facts")))) {
			ApplicationFacts facts = JsonMapper.shared()
				.readValue(Channels.newInputStream(channel), ApplicationFacts.class);
			assertThat(facts.parent().ready()).as("parent accepts traffic").isTrue();
			this.pids.add(facts.parent().pid());
			facts.workers().forEach((worker) -> this.pids.add(worker.pid()));
			return facts;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Kill a worker, and wait until another one has taken its place.
	 */
	public void replaceWorker() {
		ApplicationFacts before = facts();
		long victim = before.workers().get(0).pid();
		ProcessHandle.of(victim).orElseThrow().destroyForcibly();
		this.exits++;
		await("replacement", () -> {
			ApplicationFacts now = facts();
			assertThat(now.exits()).isEqualTo(before.exits() + 1);
			assertThat(now.workers()).hasSize(this.mode.workers()).noneMatch((worker) -> worker.pid() == victim);
		});
	}

	/**
	 * Declare workers that end because the test wants them to.
	 * @param more how many
	 */
	public void expectExits(int more) {
		this.exits += more;
	}

	/** Accept that as many workers have ended as have ended until now. */
	public void acceptExits() {
		this.exits = facts().exits();
	}

	/**
	 * Send a request on a connection of its own.
	 * @param path the path
	 * @param contentType the type of the body
	 * @param body the body of a POST request, or {@code null} for a GET request
	 * @param headers names and values
	 * @return the response
	 */
	public HttpResponse<String> exchange(String path, @Nullable String contentType, @Nullable String body,
			String... headers) {
		try {
			HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
				.timeout(Duration.ofSeconds(60))
				.header("Connection", "close");
			if (headers.length > 0) {
				request.headers(headers);
			}
			if (contentType != null && body != null) {
				request.header("Content-Type", contentType).POST(HttpRequest.BodyPublishers.ofString(body));
			}
			return HttpClient.newBuilder()
				.version(HttpClient.Version.HTTP_1_1)
				.cookieHandler(this.cookies)
				.build()
				.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Send a GET request on a connection of its own, and expect a success.
	 * @param path the path
	 * @param headers names and values
	 * @return the body of the response
	 */
	public String get(String path, String... headers) {
		HttpResponse<String> response = exchange(path, null, null, headers);
		assertThat(response.statusCode()).as(() -> path + ": " + response.body()).isEqualTo(200);
		return response.body();
	}

	/**
	 * Return the address of a path.
	 * @param path the path, or an absolute address
	 */
	public URI uri(String path) {
		URI uri = URI.create(path);
		return uri.isAbsolute() ? uri : URI.create("http://127.0.0.1:" + facts().parent().port()).resolve(uri);
	}

	/** Forget all cookies. */
	public void forget() {
		this.cookies.getCookieStore().removeAll();
	}

	/**
	 * Repeat until each serving process has answered. No answer may be wrong.
	 * @param answer asks a process, and returns the process id that is in its answer
	 */
	public void untilEachProcessAnswered(Supplier<Long> answer) {
		ApplicationFacts facts = facts();
		Set<Long> expected = new HashSet<>(Set.of(facts.parent().pid()));
		if (this.mode == Mode.SHARED) {
			facts.workers().forEach((worker) -> expected.add(worker.pid()));
		}
		Set<Long> seen = new HashSet<>();
		Awaitility.await("answers of each process").atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
			seen.add(answer.get());
			return seen.equals(expected);
		});
	}

	/**
	 * Return what all processes have printed.
	 */
	public String output() {
		try {
			return Files.readString(this.directory.resolve("output.txt"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Return the lines that contain a text.
	 * @param text the text
	 */
	public List<String> lines(String text) {
		return output().lines().filter((line) -> line.contains(text)).toList();
	}

	/**
	 * Wait for something to be true.
	 * @param what what it is
	 * @param assertion checks it
	 */
	public void await(String what, Runnable assertion) {
		Awaitility.await(what)
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(50))
			.failFast("the application has ended", () -> assertThat(this.process.isAlive()).as(this::output).isTrue())
			.ignoreExceptionsMatching((ex) -> ex instanceof UncheckedIOException || ex instanceof JacksonException)
			.untilAsserted(assertion::run);
	}

	/**
	 * Wait until the application ends by itself.
	 * @return its exit code
	 */
	int awaitEnd() {
		assertThat(this.process.onExit()).as(() -> "end of\n" + output()).succeedsWithin(PATIENCE);
		return this.process.exitValue();
	}

	/**
	 * Stop the application, after a look at what its processes have opened and whether
	 * all of them still run.
	 */
	@Override
	public void close() throws IOException {
		try {
			ApplicationFacts facts = facts();
			assertThat(facts.exits()).as(() -> "workers that have ended\n" + output()).isEqualTo(this.exits);
			assertThat(facts.workers()).hasSize(this.mode.workers()).allMatch(ProcessFacts::ready);
			List<Integer> own = Stream.ofNullable(facts.parent().port()).toList();
			assertThat(facts.parent().ports()).containsAll(own).hasSize(own.size() + this.otherPorts);
			for (ProcessFacts worker : facts.workers()) {
				assertThat(worker.ports()).isSubsetOf((this.mode == Mode.SHARED) ? own : List.of());
			}
			this.process.destroy();
			assertThat(awaitEnd()).as(this::output).isEqualTo(TERMINATED);
			checkEnd();
		}
		finally {
			this.process.descendants().forEach(ProcessHandle::destroyForcibly);
			this.process.destroyForcibly();
		}
	}

	void checkEnd() throws IOException {
		assertThat(this.pids).noneMatch((pid) -> ProcessHandle.of(pid).isPresent());
		assertThat(lines(" ERROR ")).isEmpty();
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files.map((file) -> file.getFileName().toString())).noneMatch((name) -> name.startsWith("ipc-"));
		}
	}

}
