package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for looking a socket up among all descriptors of this process, most of which
 * belong to others.
 */
class OwnSocketsTests {

	private static final int ROUNDS = 5_000;

	@Test
	@Tag("long")
	void descriptorsThatOthersOpenMeanwhileStayOpen() throws IOException {
		try (ServerSocketChannel listener = listen()) {
			InetSocketAddress local = (InetSocketAddress) listener.getLocalAddress();
			AtomicBoolean done = new AtomicBoolean();
			CompletableFuture<Integer> others = CompletableFuture.supplyAsync(() -> openAndRead(done));
			for (int i = 0; i < ROUNDS && !others.isDone(); i++) {
				assertThat(new OwnSockets(HandleKind.TCP_SOCKET, local, local).duplicate()).isNull();
			}
			done.set(true);
			assertThat(others.join()).isPositive();
		}
	}

	private static int openAndRead(AtomicBoolean done) {
		int count = 0;
		while (!done.get()) {
			// a number that has just become free is what the next open(2) returns
			try (FileInputStream file = new FileInputStream("/dev/zero")) {
				assertThat(file.read()).isZero();
				assertThat(file.read()).isZero();
				count++;
			}
			catch (IOException ex) {
				throw new AssertionError("Somebody else has closed a file after " + count + " files", ex);
			}
		}
		return count;
	}

	@Test
	void locksOfThisProcessAreKept(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("locked");
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
				FileLock lock = channel.lock();
				ServerSocketChannel listener = listen();
				SocketChannel client = SocketChannel.open(listener.getLocalAddress());
				SocketChannel accepted = listener.accept()) {
			assertThat(lock.isValid()).isTrue();
			String locks = locks();
			FileDescriptor duplicate = new OwnSockets(HandleKind.TCP_SOCKET,
					(InetSocketAddress) client.getLocalAddress(), (InetSocketAddress) client.getRemoteAddress())
				.duplicate();
			assertThat(duplicate).isNotNull();
			Descriptors.close(duplicate);
			assertThat(locks()).isEqualTo(locks).isNotEmpty();
			assertThat(accepted.isOpen()).isTrue();
		}
	}

	/** The locks of this process, proc(5). */
	private static String locks() throws IOException {
		String pid = " " + ProcessHandle.current().pid() + " ";
		return String.join("\n",
				Files.readAllLines(Path.of("/proc/locks"))
					.stream()
					.filter((line) -> line.contains(pid))
					.map((line) -> line.substring(line.indexOf(':')))
					.sorted()
					.toList());
	}

	private static ServerSocketChannel listen() throws IOException {
		return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

}
