package io.ipcboot.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Measures this library and Node.js side by side: for every workload the two take turns
 * for several rounds, and the medians are compared. Absolute numbers belong to this
 * machine and this moment; the ratio is what counts.
 */
public final class SideBySide {

	private static final int ROUNDS = Integer.getInteger("rounds", 5);

	private static final long MILLIS = Long.getLong("millis", 2000);

	private static final int WARM_UPS = Integer.getInteger("warmups", 3);

	private SideBySide() {
	}

	/**
	 * Run everything.
	 * @param args the names of the workloads, all by default
	 * @throws IOException if a process cannot be started
	 */
	public static void main(String[] args) throws IOException {
		List<Workload> workloads = new ArrayList<>();
		for (Workload workload : Workload.values()) {
			if (args.length == 0 || List.of(args).contains(workload.name())) {
				workloads.add(workload);
			}
		}
		boolean node = isAvailable("node", "--version");
		boolean taskset = isAvailable("taskset", "--version");
		System.out.printf("Java %s, %s, %d processors, %d rounds of %d ms, medians%n",
				System.getProperty("java.version"), node ? "Node.js " + output("node", "--version") : "no Node.js",
				Runtime.getRuntime().availableProcessors(), ROUNDS, MILLIS);
		if (!node) {
			System.out.println("node was not found, so its columns are empty");
		}
		System.out.printf("%-28s %-9s %14s %14s %8s%n", "", "", "this library", "Node.js", "ratio");
		for (boolean pinned : taskset ? new boolean[] { true, false } : new boolean[] { false }) {
			compare(workloads, pinned, node);
		}
	}

	private static void compare(List<Workload> workloads, boolean pinned, boolean node) throws IOException {
		Path scripts = extractScripts();
		try (Contestant ours = Contestant.start(pinned, java());
				Contestant theirs = node
						? Contestant.start(pinned, List.of("node", scripts.resolve("parent.js").toString())) : null) {
			for (Workload workload : workloads) {
				double[] ourRates = new double[ROUNDS];
				double[] theirRates = new double[ROUNDS];
				for (int i = 0; i < WARM_UPS; i++) {
					ours.run(workload, MILLIS);
				}
				if (theirs != null) {
					theirs.run(workload, MILLIS);
				}
				for (int i = 0; i < ROUNDS; i++) {
					ourRates[i] = ours.run(workload, MILLIS);
					theirRates[i] = (theirs != null) ? theirs.run(workload, MILLIS) : Double.NaN;
				}
				double our = median(ourRates);
				double their = median(theirRates);
				System.out.printf(Locale.ROOT, "%-28s %-9s %,12.0f/s %,12.0f/s %8.2f%n", workload.title(),
						pinned ? "one core" : "all cores", our, their, our / their);
			}
		}
		finally {
			Files.delete(scripts.resolve("parent.js"));
			Files.delete(scripts.resolve("child.js"));
			Files.delete(scripts);
		}
	}

	private static List<String> java() {
		return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), Parent.class.getName());
	}

	private static Path extractScripts() throws IOException {
		Path directory = Files.createTempDirectory("side-by-side");
		for (String name : List.of("parent.js", "child.js")) {
			try (InputStream script = SideBySide.class.getResourceAsStream("/" + name)) {
				Files.copy(Objects.requireNonNull(script), directory.resolve(name));
			}
		}
		return directory;
	}

	static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	private static boolean isAvailable(String... command) {
		return output(command) != null;
	}

	private static @Nullable String output(String... command) {
		try {
			Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
			String line = process.inputReader().readLine();
			return process.waitFor(5, TimeUnit.SECONDS) && process.exitValue() == 0 ? line : null;
		}
		catch (IOException | InterruptedException ex) {
			return null;
		}
	}

}
