package io.ipcboot.channel;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

import io.ipcboot.handle.Handle;
import io.ipcboot.handle.IpcPipe;
import org.awaitility.Awaitility;

/**
 * What this process has open, without the jar files that the JVM opens when it likes.
 */
public final class OpenDescriptors {

	static {
		// what the JDK and junixsocket open at their first use and keep
		try (SocketChannel channel = SocketChannel.open(); IpcPipe pipe = IpcPipe.open()) {
			channel.configureBlocking(false);
			Handle.share(pipe.sink()).close();
		}
		catch (IOException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final Map<String, String> before = list();

	private OpenDescriptors() {
	}

	public static OpenDescriptors now() {
		return new OpenDescriptors();
	}

	/** Wait until nothing is open that was not open before. */
	public void awaitNoMore() {
		Awaitility.await().atMost(Duration.ofSeconds(10)).until(this::surplus, Map::isEmpty);
	}

	private Map<String, String> surplus() {
		Map<String, String> surplus = list();
		surplus.entrySet().removeIf((entry) -> entry.getValue().equals(this.before.get(entry.getKey())));
		return surplus;
	}

	private static Map<String, String> list() {
		Map<String, String> targets = new TreeMap<>();
		try (DirectoryStream<Path> numbers = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			for (Path number : numbers) {
				try {
					String target = Files.readSymbolicLink(number).toString();
					if (!target.endsWith(".jar") && !target.startsWith("/proc/") && !target.startsWith("/dev/")) {
						targets.put(number.getFileName().toString(), target);
					}
				}
				catch (IOException ex) {
					// closed meanwhile
				}
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return targets;
	}

}
