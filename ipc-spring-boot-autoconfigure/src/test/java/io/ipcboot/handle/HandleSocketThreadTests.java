package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What other threads can and cannot do to one that reads or writes.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HandleSocketThreadTests {

	/** More than the kernel buffers. */
	private static final int MUCH = 8 << 20;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private HandleSocket first;

	private HandleSocket second;

	@BeforeEach
	void open() throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		this.first = pair.first();
		this.second = pair.second();
	}

	@AfterEach
	void close() throws IOException {
		this.threads.shutdownNow();
		this.first.close();
		this.second.close();
	}

	@Test
	void shutdownWakesReadersOnBothSides() throws Exception {
		AtomicReference<Thread> thread = new AtomicReference<>();
		Future<Integer> here = this.threads.submit(() -> read(this.first, thread));
		Blocked.await(thread);
		thread.set(null);
		Future<Integer> there = this.threads.submit(() -> read(this.second, thread));
		Blocked.await(thread);
		this.first.shutdown();
		assertThat(here.get()).isEqualTo(-1);
		assertThat(there.get()).isEqualTo(-1);
	}

	@Test
	void shutdownWakesWritersOnBothSides() throws Exception {
		AtomicReference<Thread> thread = new AtomicReference<>();
		Future<?> here = this.threads.submit(() -> write(this.first, thread));
		Blocked.await(thread);
		thread.set(null);
		Future<?> there = this.threads.submit(() -> write(this.second, thread));
		Blocked.await(thread);
		this.first.shutdown();
		assertThatThrownBy(here::get).hasCauseInstanceOf(IOException.class);
		assertThatThrownBy(there::get).hasCauseInstanceOf(IOException.class);
	}

	@Test
	void shutdownTwiceOrAfterThePeerDoesNothing() {
		this.first.shutdown();
		this.second.shutdown();
		this.first.shutdown();
	}

	@Test
	void interruptingAReaderDoesNotDisturbIt() throws Exception {
		AtomicReference<Thread> thread = new AtomicReference<>();
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		Future<Integer> count = this.threads.submit(() -> {
			int read = read(this.first, thread);
			interrupted.complete(Thread.interrupted());
			return read;
		});
		Blocked.await(thread).interrupt();
		this.second.write(new byte[3], 0, 3);
		assertThat(count.get()).isEqualTo(3);
		assertThat(interrupted.get()).isTrue();
		assertThatBothDirectionsWork();
	}

	@Test
	void interruptingAWriterDoesNotDisturbIt() throws Exception {
		AtomicReference<Thread> thread = new AtomicReference<>();
		Future<Boolean> interrupted = this.threads.submit(() -> {
			write(this.first, thread);
			return Thread.interrupted();
		});
		Blocked.await(thread).interrupt();
		readFully(this.second, MUCH);
		assertThat(interrupted.get()).isTrue();
		assertThatBothDirectionsWork();
	}

	@Test
	void anInterruptedThreadCanReadAndWrite() throws Exception {
		Thread.currentThread().interrupt();
		this.first.write(new byte[3], 0, 3);
		assertThat(this.second.read(new byte[10], 0, 10)).isEqualTo(3);
		assertThat(Thread.interrupted()).isTrue();
		assertThatBothDirectionsWork();
	}

	@Test
	void anInterruptedThreadCompletesAWriteThatGoesOutInParts() throws Exception {
		this.second.acceptHandles(true);
		Future<Boolean> interrupted = this.threads.submit(() -> {
			Thread.currentThread().interrupt();
			try (Handle handle = Handle.share(FileDescriptor.err)) {
				this.first.write(new byte[MUCH], 0, MUCH, handle);
			}
			return Thread.interrupted();
		});
		readFully(this.second, MUCH);
		assertThat(interrupted.get()).isTrue();
		assertThat(this.second.received()).isOne();
	}

	private static int read(HandleSocket socket, AtomicReference<Thread> thread) throws IOException {
		thread.set(Thread.currentThread());
		return socket.read(new byte[10], 0, 10);
	}

	private static Void write(HandleSocket socket, AtomicReference<Thread> thread) throws IOException {
		thread.set(Thread.currentThread());
		socket.write(new byte[MUCH], 0, MUCH);
		return null;
	}

	private static void readFully(HandleSocket socket, int length) throws IOException {
		byte[] buffer = new byte[1 << 16];
		int count = 0;
		while (count < length) {
			int read = socket.read(buffer, 0, Math.min(buffer.length, length - count));
			assertThat(read).isNotEqualTo(-1);
			count += read;
		}
	}

	private void assertThatBothDirectionsWork() throws IOException {
		this.first.write(new byte[5], 0, 5);
		assertThat(this.second.read(new byte[10], 0, 10)).isEqualTo(5);
		this.second.write(new byte[7], 0, 7);
		assertThat(this.first.read(new byte[10], 0, 10)).isEqualTo(7);
	}

}
