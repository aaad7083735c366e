package io.ipcboot;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.ipcboot.handle.HandleSocket;
import io.ipcboot.process.ChannelEnvironment;

/**
 * A process that does what the tests ask it for.
 */
public final class TestChild {

	static final int CRASH_FILE_SIZE = 5_000_000;

	private TestChild() {
	}

	public static void main(String[] arguments) throws Exception {
		ParentProcess parent = ParentProcess.connect();
		answerQuestions(parent, arguments);
		misbehave(parent);
		talkToParent(parent);
		parent.listen(new Handlers());
		parent.answer("echo", byte[].class, (bytes) -> bytes);
		parent.listen("print", String.class, System.out::print);
		parent.listen("print-error", String.class, System.err::print);
		parent.listen("print-garbage", Integer.class, TestChild::printGarbage);
		if (List.of(arguments).contains("--exit-on-leave")) {
			parent.onLeave().thenRun(() -> System.exit(6));
		}
		if (List.of(arguments).contains("--slow-start")) {
			sleep(500);
		}
		parent.ready();
	}

	private static void answerQuestions(ParentProcess parent, String[] arguments) {
		parent.answer("pid", String.class, (nothing) -> ProcessHandle.current().pid());
		parent.answer("arguments", String.class, (nothing) -> List.of(arguments));
		parent.answer("directory", String.class, (nothing) -> System.getProperty("user.dir"));
		parent.answer("property", String.class, System::getProperty);
		parent.answer("resource", String.class, TestChild::readResource);
		parent.answer("environment", String.class, (nothing) -> environment());
		parent.answer("flags", String.class, (nothing) -> ManagementFactory.getRuntimeMXBean().getInputArguments());
		parent.answer("max-heap", String.class, (nothing) -> Runtime.getRuntime().maxMemory());
		parent.answer("hello", String.class, (nothing) -> parent.hello());
		parent.answer("drain-timeout", String.class, (nothing) -> parent.hello().drainTimeout().toString());
		parent.answer("role", String.class, (nothing) -> IpcRole.current().name());
		parent.answer("run-role-main", String.class, (nothing) -> runRoleMain(Redirect.PIPE));
		parent.answer("run-role-main-inheriting", String.class, (nothing) -> runRoleMain(Redirect.INHERIT));
		parent.answer("run-role-main-on-socket", String.class, (nothing) -> runRoleMainOnSocket());
		parent.answer("input", String.class, (nothing) -> readInput());
		parent.answer("run", String.class, (script) -> ShellMain.run(script, Redirect.PIPE));
		parent.answer("run-inheriting", String.class, (script) -> ShellMain.run(script, Redirect.INHERIT));
		parent.answer("temporary-file", String.class, (nothing) -> createTemporaryFile());
	}

	private static void talkToParent(ParentProcess parent) {
		parent.answer("parent-is-writable", String.class, (nothing) -> parent.isWritable());
		parent.answer("unhandled", String.class, (nothing) -> parent.statistics().unhandledMessages());
		parent.answer("ask-parent", String.class,
				(destination) -> parent.call(destination, "from the child", String.class));
		parent.answer("tell-parent", String.class, (destination) -> {
			parent.send(destination, "from the child").join();
			return "told";
		});
		parent.answer("echo-of-parent", Integer.class, (size) -> {
			byte[] bytes = new byte[size];
			new Random(size).nextBytes(bytes);
			return Arrays.equals(parent.call("echo", bytes, byte[].class), bytes);
		});
		parent.listen("emit-to-parent", String.class, (destination) -> parent.emit(destination, 1, "two", null));
		parent.listen("flood-parent-and-exit", Integer.class, (count) -> {
			for (int i = 0; i < count; i++) {
				parent.send("flood", i);
			}
			System.exit(6);
		});
		parent.answer("large", Integer.class, (size) -> {
			System.out.println("busy");
			sleep(100);
			return new byte[size];
		});
	}

	private static void misbehave(ParentProcess parent) {
		parent.listen("exit", Integer.class, System::exit);
		parent.listen("halt", Integer.class, (code) -> Runtime.getRuntime().halt(code));
		parent.answer("fail", String.class, (message) -> {
			throw new IllegalStateException(message);
		});
		parent.answer("sleep", Long.class, TestChild::sleep);
		parent.listen("spin", String.class, (nothing) -> spin());
		parent.listen("out-of-memory", String.class, (nothing) -> exhaustMemory());
		parent.listen("leave-crash-files-and-halt", Integer.class, TestChild::leaveCrashFilesAndHalt);
		parent.listen("hang-at-exit", String.class, (nothing) -> hangAtExit());
		parent.answer("take-time-at-exit", String.class, TestChild::takeTimeAtExit);
	}

	/** Sparse files, all empty but for the beginning. */
	private static void leaveCrashFilesAndHalt(int count) {
		for (int i = 1; i <= count; i++) {
			Path file = Path.of(System.getProperty("java.io.tmpdir"), "core." + i);
			try (RandomAccessFile core = new RandomAccessFile(file.toFile(), "rw")) {
				core.write(1);
				core.setLength(CRASH_FILE_SIZE);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		Runtime.getRuntime().halt(9);
	}

	private static String readResource(String name) {
		try (InputStream resource = TestChild.class.getResourceAsStream(name)) {
			return (resource != null) ? new String(resource.readAllBytes(), StandardCharsets.UTF_8) : "missing";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Map<String, String> environment() {
		Map<String, String> environment = new TreeMap<>(System.getenv());
		environment.remove(ChannelEnvironment.VARIABLE);
		environment.remove(ChannelEnvironment.INODE_VARIABLE);
		return environment;
	}

	/** As an application does that starts programs by itself. */
	private static String runRoleMain(Redirect input) {
		ProcessBuilder builder = new ProcessBuilder(StandaloneTemplate.javaCommand(RoleMain.class))
			.redirectErrorStream(true)
			.redirectInput(input);
		try (InputStream output = builder.start().getInputStream()) {
			return new String(output.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Some programs give their children sockets of their own as standard streams. */
	private static String runRoleMainOnSocket() {
		try {
			HandleSocket.Pair pair = HandleSocket.openPair();
			try {
				return runRoleMain(pair.second().asRedirect());
			}
			finally {
				pair.first().close();
				pair.second().close();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static int readInput() {
		try {
			return System.in.read();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String sleep(long millis) {
		System.out.println("busy");
		try {
			TimeUnit.MILLISECONDS.sleep(millis);
			return "slept";
		}
		catch (InterruptedException ex) {
			return "interrupted";
		}
	}

	private static void spin() {
		System.out.println("spinning");
		long rounds = 0;
		while (rounds >= 0) {
			rounds = (rounds + 1) & Long.MAX_VALUE;
		}
	}

	private static void exhaustMemory() {
		List<long[]> hoard = new ArrayList<>();
		while (hoard.size() < Integer.MAX_VALUE) {
			hoard.add(new long[1024 * 1024]);
		}
	}

	private static void printGarbage(int length) {
		byte[] garbage = new byte[length];
		new Random(length).nextBytes(garbage);
		System.out.writeBytes(garbage);
		System.out.flush();
	}

	/** Longer than a process has that nobody waits for. */
	private static String takeTimeAtExit(String file) {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> {
			sleep(3000);
			try {
				Files.createFile(Path.of(file));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}));
		return file;
	}

	private static String createTemporaryFile() {
		try {
			return Files.createTempFile("of-worker-", ".txt").toString();
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private static void hangAtExit() {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> sleep(Long.MAX_VALUE)));
		System.out.println("will hang");
	}

	/**
	 * Listeners as methods of an object.
	 */
	static final class Handlers {

		private final List<String> events = new ArrayList<>();

		@IpcListener("sum")
		int sum(List<Integer> numbers) {
			return numbers.stream().mapToInt(Integer::intValue).sum();
		}

		@IpcListener("event")
		void event(int number, String text, ParentProcess sender) {
			this.events.add(number + " " + text + " " + sender.pid());
		}

		@IpcListener("events")
		List<String> events() {
			return this.events;
		}

	}

}
