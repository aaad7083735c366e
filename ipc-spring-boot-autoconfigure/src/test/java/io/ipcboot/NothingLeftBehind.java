package io.ipcboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.ipcboot.handle.HandleSocket;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a child process (a zombie counts), a descriptor, a thread or a
 * temporary file behind. Runs after the test's own {@code @AfterEach} methods.
 */
public final class NothingLeftBehind implements BeforeEachCallback, AfterEachCallback {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	/** These end by themselves when they have been idle for a while. */
	private static final Pattern POOLED_THREAD = Pattern.compile("ipc-(background|timer|reserve)-\\d+");

	/** The name of a file has the id of the process that made it. */
	private static final Pattern PID = Pattern.compile("ipc-\\D*(\\d{1,10})-.*");

	/** What a JVM opens as it goes along. */
	private static final Pattern OWN_FILE = Pattern.compile(".*\\.(jar|class|so|jsa)|.*/lib/modules|/dev/u?random");

	@Override
	public void beforeEach(ExtensionContext context) throws IOException {
		warmUp();
		store(context).put("before", Snapshot.take());
	}

	@Override
	public void afterEach(ExtensionContext context) {
		Snapshot before = store(context).get("before", Snapshot.class);
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(20))
			.untilAsserted(
					() -> Assertions.assertThat(Snapshot.take().since(before)).as("left behind by the test").isEmpty());
	}

	/** JDK and native library keep sockets of their own from their first use on. */
	private static void warmUp() throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		pair.first().close();
		pair.second().close();
		SocketChannel.open().close();
	}

	private static ExtensionContext.Store store(ExtensionContext context) {
		return context.getStore(ExtensionContext.Namespace.create(NothingLeftBehind.class, context.getUniqueId()));
	}

	/**
	 * Return the open descriptors of a process, as the kernel names them.
	 * @param pid the process
	 * @return for example {@code socket:[4711]}
	 */
	public static List<String> descriptors(long pid) {
		return links(Path.of("/proc/" + pid + "/fd"));
	}

	/**
	 * Return the temporary files of this library, without those of other builds that run
	 * on this machine.
	 * @return their paths
	 */
	static List<Path> temporaryFiles() {
		List<Path> files = new ArrayList<>();
		for (String directory : List.of(System.getProperty("java.io.tmpdir"), "/dev/shm")) {
			files.addAll(entries(Path.of(directory), (name) -> name.startsWith("ipc-") && !isOfStranger(name)));
		}
		return files;
	}

	/** The CI script looks for what is left in the end, whoever made it. */
	private static boolean isOfStranger(String name) {
		Matcher pid = PID.matcher(name);
		return pid.matches() && Long.parseLong(pid.group(1)) != ProcessHandle.current().pid()
				&& ProcessHandle.current().descendants().noneMatch((own) -> own.pid() == Long.parseLong(pid.group(1)));
	}

	private static List<String> links(Path directory) {
		List<String> links = new ArrayList<>();
		for (Path descriptor : entries(directory, (name) -> true)) {
			try {
				links.add(Files.readSymbolicLink(descriptor).toString());
			}
			catch (IOException ex) {
				// closed since it was listed
			}
		}
		return links;
	}

	private static List<Path> entries(Path directory, Predicate<String> names) {
		List<Path> entries = new ArrayList<>();
		try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory,
				(path) -> names.test(path.getFileName().toString()))) {
			stream.forEach(entries::add);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return entries;
	}

	/**
	 * Everything that a test can leave behind, counted by name.
	 */
	private record Snapshot(TreeMap<String, Integer> things) {

		static Snapshot take() {
			TreeMap<String, Integer> things = new TreeMap<>();
			List<String> all = new ArrayList<>();
			descriptors(ProcessHandle.current().pid()).stream()
				.filter((link) -> !link.startsWith("/proc/") && !OWN_FILE.matcher(link).matches())
				.forEach((link) -> all.add("descriptor " + link));
			Thread.getAllStackTraces()
				.keySet()
				.stream()
				.map(Thread::getName)
				.filter((name) -> name.startsWith("ipc-") && !POOLED_THREAD.matcher(name).matches())
				.forEach((name) -> all.add("thread " + name));
			children().forEach((child) -> all.add("process " + child));
			temporaryFiles().forEach((file) -> all.add("file " + file));
			all.forEach((thing) -> things.merge(thing, 1, Integer::sum));
			return new Snapshot(things);
		}

		/** Not by {@link ProcessHandle}, which knows no zombies. */
		private static List<String> children() {
			String own = Long.toString(ProcessHandle.current().pid());
			List<String> children = new ArrayList<>();
			for (Path process : entries(Path.of("/proc"), (name) -> name.matches("\\d+"))) {
				try {
					String stat = Files.readString(process.resolve("stat"));
					String[] afterName = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
					if (afterName[1].equals(own)) {
						children.add(stat.substring(0, stat.lastIndexOf(')') + 3));
					}
				}
				catch (IOException ex) {
					// ended since it was listed
				}
			}
			return children;
		}

		List<String> since(Snapshot before) {
			return this.things.entrySet()
				.stream()
				.filter((entry) -> entry.getValue() > before.things.getOrDefault(entry.getKey(), 0))
				.map((entry) -> entry.getValue() + " x " + entry.getKey())
				.toList();
		}

	}

}
