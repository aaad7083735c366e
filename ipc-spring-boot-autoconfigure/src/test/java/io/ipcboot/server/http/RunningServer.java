package io.ipcboot.server.http;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.PortEvent;
import io.ipcboot.WorkerDrainingEvent;
import io.ipcboot.WorkerEvent;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.WorkerReadyEvent;
import io.ipcboot.pool.RollingRestartResult;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * The test application as a parent in this JVM, with workers.
 */
final class RunningServer implements AutoCloseable {

	private static final Duration THOROUGH = Duration.ofSeconds(Integer.getInteger("tests.http.seconds", 0));

	final ConfigurableApplicationContext context;

	final int port;

	/** By slot. */
	final Map<Integer, ChildProcess> ready = new ConcurrentHashMap<>();

	final List<PortEvent> portEvents = new CopyOnWriteArrayList<>();

	private RunningServer(List<String> arguments) {
		SpringApplicationBuilder builder = new SpringApplicationBuilder(HttpTestApplication.class)
			.initializers((created) -> {
				created.addApplicationListener(new Observer());
				created.addApplicationListener(new PortObserver());
			});
		try {
			this.context = builder.run(arguments.toArray(String[]::new));
		}
		catch (RuntimeException ex) {
			forgetTomcat();
			throw ex;
		}
		this.port = ((WebServerApplicationContext) this.context).getWebServer().getPort();
	}

	static RunningServer start(ServerKind kind, String... arguments) {
		List<String> all = new ArrayList<>(kind.arguments());
		all.addAll(List.of("--server.port=0", "--server.address=127.0.0.1", "--ipc.server.share=true",
				"--ipc.pools.default.size=2", "--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1",
				"--spring.main.lazy-initialization=true", "--ipc.server.drain-timeout=2s",
				"--spring.main.banner-mode=off"));
		for (String argument : arguments) {
			String name = argument.substring(0, argument.indexOf('=') + 1);
			all.removeIf((given) -> given.startsWith(name));
			all.add(argument);
		}
		return new RunningServer(all);
	}

	URI uri(String path) {
		return URI.create("http://127.0.0.1:" + this.port + path);
	}

	/**
	 * With a client of its own, so on a connection of its own. It is not kept open, as a
	 * worker that leaves would wait for its next request.
	 */
	String get(String path) throws IOException, InterruptedException {
		return respond(path).body();
	}

	HttpResponse<String> respond(String path) throws IOException, InterruptedException {
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		HttpRequest request = HttpRequest.newBuilder(uri(path))
			.header("Connection", "close")
			.timeout(Duration.ofSeconds(60))
			.build();
		return client.send(request, HttpResponse.BodyHandlers.ofString());
	}

	List<Long> workerPids() {
		return this.ready.values().stream().map(ChildProcess::pid).toList();
	}

	/** The observer only learns of workers a little later than the pool. */
	void awaitWorkers(int count) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> this.ready.size() == count);
	}

	long slotPid(int slot) {
		return this.ready.get(slot).pid();
	}

	ChildProcessTemplate template() {
		return this.context.getBean(ChildProcessTemplate.class);
	}

	CompletableFuture<String> call(String destination, Path file) {
		return template().destination(destination).message(file.toString()).callAsync(String.class);
	}

	/** As a rolling restart does: drain, and wait for the successor. */
	void replace(int slot) {
		end(slot, (worker) -> worker.disconnect());
	}

	/** Replaces all workers so often, or as long as a thorough test wants. */
	void restart(int times) {
		long end = System.nanoTime() + THOROUGH.toNanos();
		for (int i = 0; i < times || System.nanoTime() < end; i++) {
			Set<Long> before = new HashSet<>(workerPids());
			RollingRestartResult result = template().pool("default").restart().join();
			Assertions.assertThat(result.complete()).as(result.toString()).isTrue();
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> this.ready.size() == before.size() && workerPids().stream().noneMatch(before::contains));
		}
	}

	/** Kills so many workers, or more in a thorough test. Returns which. */
	List<String> killWorkers(int times) {
		long end = System.nanoTime() + THOROUGH.toNanos();
		List<String> killed = new ArrayList<>();
		while (killed.size() < times || System.nanoTime() < end) {
			int slot = killed.size() % 2;
			killed.add(Long.toString(slotPid(slot)));
			kill(slot);
		}
		return killed;
	}

	void kill(int slot) {
		end(slot, (worker) -> worker.kill("SIGKILL"));
	}

	private void end(int slot, Consumer<ChildProcess> how) {
		ChildProcess worker = this.ready.get(slot);
		how.accept(worker);
		Awaitility.await()
			.atMost(Duration.ofSeconds(60))
			.until(() -> this.ready.get(slot) != null && this.ready.get(slot) != worker);
	}

	@Override
	public void close() {
		List<Long> pids = workerPids();
		this.context.close();
		forgetTomcat();
		Assertions.assertThat(pids).allMatch((pid) -> ProcessHandle.of(pid).isEmpty());
	}

	/** The next Tomcat of this JVM would make the directory again. */
	private static void forgetTomcat() {
		String home = System.clearProperty("catalina.home");
		if (home != null) {
			FileSystemUtils.deleteRecursively(new File(home));
		}
	}

	private final class Observer implements ApplicationListener<WorkerEvent> {

		@Override
		public void onApplicationEvent(WorkerEvent event) {
			int slot = event.getWorker().slot();
			if (event instanceof WorkerReadyEvent) {
				RunningServer.this.ready.put(slot, event.getProcess());
			}
			if (event instanceof WorkerDrainingEvent || event instanceof WorkerExitedEvent) {
				RunningServer.this.ready.remove(slot, event.getProcess());
			}
		}

	}

	private final class PortObserver implements ApplicationListener<PortEvent> {

		@Override
		public void onApplicationEvent(PortEvent event) {
			RunningServer.this.portEvents.add(event);
		}

	}

}
