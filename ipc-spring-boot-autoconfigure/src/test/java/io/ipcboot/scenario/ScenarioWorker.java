package io.ipcboot.scenario;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.ipcboot.ParentProcess;

/**
 * A worker that does what is asked for, however foolish.
 */
public final class ScenarioWorker {

	/** System property: a file that exists as long as this worker cannot start. */
	static final String BROKEN = "scenario.broken";

	/** System property: a file that gets a line for every call that has run. */
	static final String JOURNAL = "scenario.journal";

	/** A resource that says from which version of a jar a worker runs. */
	static final String VERSION_FILE = "scenario-version.txt";

	/** What makes a listener kill its worker. */
	static final String POISON = "poison";

	private static final List<Integer> NOTES = new ArrayList<>();

	private static final List<Object> HELD = new CopyOnWriteArrayList<>();

	private ScenarioWorker() {
	}

	public static void main(String[] arguments) throws IOException {
		String broken = System.getProperty(BROKEN);
		if (broken != null && Files.exists(Path.of(broken))) {
			System.out.println("the database is missing");
			System.exit(1);
		}
		ParentProcess parent = ParentProcess.connect();
		work(parent);
		fail(parent);
		print(parent);
		parent.listen("connection", SocketChannel.class, ScenarioWorker::serve);
		parent.listen("hold", SocketChannel.class, HELD::add);
		parent.ready();
	}

	private static void work(ParentProcess parent) {
		parent.answer("echo", String.class, (text) -> text);
		parent.answer("bytes", byte[].class, (bytes) -> bytes);
		parent.answer("call-parent", String.class, (destination) -> parent.call(destination, null, Object.class));
		parent.answer("pid", String.class, (nothing) -> ProcessHandle.current().pid());
		parent.answer("property", String.class, System::getProperty);
		parent.answer("flags", String.class,
				(nothing) -> String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
		parent.answer("large", Integer.class, (length) -> new byte[length]);
		parent.answer("sleep", Long.class, ScenarioWorker::sleep);
		parent.answer("spin", Long.class, ScenarioWorker::spin);
		parent.listen("note", Integer.class, NOTES::add);
		parent.answer("notes", String.class, (nothing) -> NOTES);
		parent.answer("version", String.class, (nothing) -> version());
		parent.answer("journal", String.class, (id) -> {
			append(id);
			return id;
		});
		parent.answer("digest", String.class, (text) -> {
			if (text.startsWith(POISON)) {
				Runtime.getRuntime().halt(9);
			}
			return text.length();
		});
	}

	private static void fail(ParentProcess parent) {
		parent.answer("run", Fault.class, (fault) -> {
			fault.strike();
			return "survived";
		});
		parent.answer("decode", FaultOnDecode.class, (fault) -> "survived");
		parent.answer("encode", Fault.class, FaultOnEncode::new);
		parent.answer("harmless", String.class, (fault) -> fault);
		parent.answer("exit-with-deadlocked-hook", Integer.class, (code) -> {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> spin(Long.MAX_VALUE)));
			System.exit(code);
			return "not reached";
		});
		parent.answer("exit-afterwards", Integer.class, (code) -> {
			new Thread(() -> System.exit(code)).start();
			return "exiting";
		});
		parent.answer("halt-afterwards", Integer.class, (code) -> {
			// when it is idle again, also on a loaded machine
			Thread halt = new Thread(() -> {
				LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(2));
				Runtime.getRuntime().halt(code);
			});
			halt.setDaemon(true);
			halt.start();
			return "halting";
		});
		parent.answer("hang-at-exit", String.class, (nothing) -> {
			Runtime.getRuntime().addShutdownHook(new Thread(() -> spin(Long.MAX_VALUE)));
			return "will hang";
		});
		parent.answer("kill", Long.class,
				(pid) -> ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly).orElse(false));
		parent.answer("halt-while-replying", Long.class, (micros) -> {
			haltAfter(micros);
			return new byte[15 * 1024 * 1024];
		});
		parent.answer("exhaust-descriptors", String.class, (nothing) -> exhaustDescriptors(HELD));
		parent.answer("grandchild", String.class, (nothing) -> startGrandchild());
		parent.answer("orphan", Double.class, ScenarioWorker::startOrphan);
		parent.answer("allocate", Integer.class, ScenarioWorker::allocate);
	}

	private static void print(ParentProcess parent) {
		parent.answer("flood", Long.class, ScenarioWorker::flood);
		parent.answer("line", Integer.class, (length) -> {
			byte[] line = new byte[length];
			Arrays.fill(line, (byte) 'x');
			write(line);
			return length;
		});
		parent.answer("garbage", Integer.class, (length) -> {
			byte[] garbage = new byte[length];
			new Random(length).nextBytes(garbage);
			write(garbage);
			return length;
		});
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

	/** Takes no notice of interrupts. */
	private static String spin(long millis) {
		System.out.println("spinning");
		long start = System.nanoTime();
		while (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) < millis) {
			Thread.onSpinWait();
		}
		return "spun";
	}

	/** Of the jar that this JVM was started from. */
	private static String version() {
		try (InputStream resource = ClassLoader.getSystemResourceAsStream(VERSION_FILE)) {
			return (resource != null) ? new String(resource.readAllBytes(), StandardCharsets.UTF_8) : "none";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void append(String id) {
		try {
			Files.writeString(Path.of(System.getProperty(JOURNAL)), id + "\n", StandardOpenOption.CREATE,
					StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void haltAfter(long micros) {
		Thread halt = new Thread(() -> {
			LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
			Runtime.getRuntime().halt(4);
		});
		halt.setDaemon(true);
		halt.start();
	}

	/** Open files until there is no descriptor left. */
	static int exhaustDescriptors(List<Object> opened) {
		int count = 0;
		try {
			while (true) {
				opened.add(new FileInputStream("/dev/null"));
				count++;
			}
		}
		catch (IOException ex) {
			return count;
		}
	}

	private static long startGrandchild() {
		try {
			return new ProcessBuilder("sleep", "1000").inheritIO().start().pid();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** It belongs to whoever adopts orphans, before anybody can wait for it. */
	private static long startOrphan(double seconds) {
		try {
			Process shell = new ProcessBuilder("sh", "-c",
					"setsid sleep " + seconds + " >/dev/null 2>&1 </dev/null & echo $!")
				.start();
			return Long.parseLong(new String(shell.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Resident, as it is not all zero. */
	private static int allocate(int megabytes) {
		List<byte[]> blocks = new ArrayList<>();
		for (int i = 0; i < megabytes; i++) {
			byte[] block = new byte[1024 * 1024];
			Arrays.fill(block, (byte) 1);
			blocks.add(block);
		}
		HELD.add(blocks);
		return megabytes;
	}

	private static String flood(long millis) {
		Thread printer = new Thread(() -> {
			byte[] lines = "a line that nobody wants to read, over and over again\n".repeat(1000)
				.getBytes(StandardCharsets.UTF_8);
			long start = System.nanoTime();
			while (TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start) < millis) {
				write(lines);
			}
			write("\nthe flood is over\n".getBytes(StandardCharsets.UTF_8));
		});
		printer.setDaemon(true);
		printer.start();
		return "flooding";
	}

	private static void write(byte[] bytes) {
		try {
			OutputStream output = System.out;
			output.write(bytes);
			output.flush();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Echoes until the client has said all. */
	private static void serve(SocketChannel connection) {
		try (connection) {
			connection.socket().getInputStream().transferTo(connection.socket().getOutputStream());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
