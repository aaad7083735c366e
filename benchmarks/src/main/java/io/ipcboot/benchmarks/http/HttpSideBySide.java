package io.ipcboot.benchmarks.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Requests one page of the same application, served in several ways, as fast as possible.
 * Needs {@code wrk}, and {@code nginx} and {@code node} for the services that use them.
 * The services take turns for several rounds; the medians are printed.
 */
public final class HttpSideBySide {

	private static final int ROUNDS = Integer.getInteger("rounds", 3);

	private static final int SECONDS = Integer.getInteger("seconds", 5);

	private static final int WARM_UP = Integer.getInteger("warmup", 10);

	private static final int PORT = Integer.getInteger("port", 19300);

	private HttpSideBySide() {
	}

	/**
	 * Run everything.
	 * @param args the names of the services to measure, all by default
	 * @throws Exception if a process cannot be started
	 */
	public static void main(String[] args) throws Exception {
		Path directory = Files.createTempDirectory("ipc-benchmarks");
		Map<String, Service> services = Collections.synchronizedMap(new LinkedHashMap<>());
		// also on an interrupt, or the started processes would go on
		Runtime.getRuntime().addShutdownHook(new Thread(() -> clean(directory, services)));
		start(directory, List.of(args), services);
		compare(services, true);
		compare(services, false);
	}

	private static void clean(Path directory, Map<String, Service> services) {
		List.copyOf(services.values()).forEach(Service::close);
		try {
			delete(directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void start(Path directory, List<String> wanted, Map<String, Service> services) throws Exception {
		Map<String, Start> all = new LinkedHashMap<>();
		all.put("plain", (port) -> Service.java(port));
		all.put("shared", (port) -> Service.java(port, "--ipc.server.share=true", "--ipc.pools.default.size=2",
				"--ipc.server.parent-accepts=false"));
		all.put("shared-one", (port) -> Service.java(port, "--ipc.server.share=true", "--ipc.pools.default.size=1",
				"--ipc.server.parent-accepts=false"));
		all.put("handoff", (port) -> Service.java(port, "--ipc.server.share=true", "--ipc.pools.default.size=2",
				"--ipc.server.scheduling=handoff"));
		all.put("nginx", (port) -> Service.nginx(port, directory));
		Path script = directory.resolve("http.js");
		try (InputStream source = HttpSideBySide.class.getResourceAsStream("/http.js")) {
			Files.copy(Objects.requireNonNull(source), script);
		}
		all.put("node", (port) -> Service.node(port, script, "single"));
		all.put("node-handoff", (port) -> Service.node(port, script, "rr"));
		all.put("node-shared", (port) -> Service.node(port, script, "none"));
		int port = PORT;
		for (Map.Entry<String, Start> entry : all.entrySet()) {
			if (wanted.isEmpty() || wanted.contains(entry.getKey())) {
				Service service = entry.getValue().start(port);
				services.put(entry.getKey(), service);
				service.await();
			}
			port += 10;
		}
	}

	private static void compare(Map<String, Service> services, boolean keepAlive) throws IOException {
		Map<String, List<Wrk.Result>> results = new LinkedHashMap<>();
		for (Map.Entry<String, Service> entry : services.entrySet()) {
			Wrk.run(entry.getValue(), keepAlive, WARM_UP);
			results.put(entry.getKey(), new ArrayList<>());
		}
		for (int round = 0; round < ROUNDS; round++) {
			for (Map.Entry<String, Service> entry : services.entrySet()) {
				Objects.requireNonNull(results.get(entry.getKey())).add(Wrk.run(entry.getValue(), keepAlive, SECONDS));
			}
		}
		Map<String, Wrk.Result> medians = new LinkedHashMap<>();
		results.forEach((name, measured) -> medians.put(name, median(measured)));
		System.out.printf("%n%-14s %12s %9s %10s %10s %14s %9s   (%s)%n", "", "requests/s", "of plain", "p50 ms",
				"p99 ms", "CPU us/request", "of plain", keepAlive ? "keep-alive" : "a connection per request");
		medians.forEach((name, median) -> {
			Wrk.Result plain = medians.get(name.startsWith("node") ? "node" : "plain");
			System.out.printf(Locale.ROOT, "%-14s %,12.0f %9s %10.2f %10.2f %14.1f %9s   %s%n", name, median.rate(),
					ratio(median.rate(), (plain != null) ? plain.rate() : 0), median.median(), median.late(),
					median.cpu(), ratio(median.cpu(), (plain != null) ? plain.cpu() : 0), median.errors());
		});
	}

	private static Wrk.Result median(List<Wrk.Result> measured) {
		return measured.stream().sorted(Comparator.comparingDouble(Wrk.Result::rate)).toList().get(measured.size() / 2);
	}

	/** The ratio to the plain process of the same program, if that was measured. */
	private static String ratio(double value, double plain) {
		return (plain > 0) ? String.format(Locale.ROOT, "%.2f", value / plain) : "";
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

	private interface Start {

		Service start(int port) throws IOException;

	}

}
