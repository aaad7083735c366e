package io.ipcboot.handle;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class HandleSocketTests {

	@TempDir
	Path directory;

	private HandleSocket sender;

	private HandleSocket receiver;

	@BeforeEach
	void open() throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		this.sender = pair.first();
		this.receiver = pair.second();
		this.receiver.acceptHandles(true);
	}

	@AfterEach
	void close() throws IOException {
		this.sender.close();
		this.receiver.close();
	}

	@Test
	void aHandleThatCannotBeSentTakesNothingFromTheReader() throws IOException {
		this.receiver.write(new byte[] { 1, 2, 3 }, 0, 3);
		String inode = this.sender.inode();
		this.receiver.close();
		assertThatIOException().isThrownBy(() -> write("x", file("lost")));
		assertThat(this.sender.inode()).isNotNull().isEqualTo(inode);
		assertThat(this.sender.read(new byte[10], 0, 10)).isEqualTo(3);
	}

	@Test
	void aHandleArrivesWithTheFirstByteOfItsWrite() throws IOException {
		write("a");
		write("bc", file("first"));
		write("d");
		write("e", file("second"));
		assertThat(read(1)).isEqualTo("a");
		assertThat(this.receiver.received()).isZero();
		assertThat(read(1)).isEqualTo("b");
		assertThat(this.receiver.received()).isOne();
		assertThat(receivedContent()).isEqualTo("first");
		assertThat(this.receiver.received()).isZero();
		assertThat(read(1)).isEqualTo("c");
		assertThat(read(1)).isEqualTo("d");
		assertThat(this.receiver.pollReceived(HandleKind.FILE)).isNull();
		assertThat(read(1)).isEqualTo("e");
		assertThat(receivedContent()).isEqualTo("second");
	}

	@Test
	void aReadReturnsAtMostOneHandleAndNothingAfterItsWrite() throws IOException {
		write("a");
		write("b", file("first"));
		write("c", file("second"));
		write("d");
		String text = read(100);
		while (this.receiver.received() == 0) {
			text += read(100);
		}
		assertThat(text).isEqualTo("ab");
		assertThat(receivedContent()).isEqualTo("first");
		text = read(100);
		assertThat(receivedContent()).isEqualTo("second");
		while (text.length() < 2) {
			text += read(100);
		}
		assertThat(text).isEqualTo("cd");
		assertThat(this.receiver.received()).isZero();
	}

	@Test
	void aPeerThatDoesNotAcceptHandlesLeaksNone() throws IOException {
		this.receiver.acceptHandles(false);
		try (Connection<SocketChannel> connection = Connection.channel()) {
			OpenDescriptors before = OpenDescriptors.now();
			write("a", Handle.take(connection.accepted()));
			assertThat(read(1)).isEqualTo("a");
			assertThat(this.receiver.received()).isZero();
			assertThat(before.openedSince()).isEmpty();
			assertThat(connection.client().isAtEnd()).isTrue();
		}
	}

	@Test
	void closingClosesWhatNobodyAskedFor() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			write("a", Handle.take(connection.accepted()));
			assertThat(read(1)).isEqualTo("a");
			assertThat(this.receiver.received()).isOne();
			this.receiver.close();
			assertThat(this.receiver.received()).isZero();
			assertThat(connection.client().isAtEnd()).isTrue();
		}
	}

	@Test
	void closingClosesWhatWasNotReadYet() throws IOException {
		try (Connection<SocketChannel> connection = Connection.channel()) {
			write("a", Handle.take(connection.accepted()));
			this.receiver.close();
			assertThat(connection.client().isAtEnd()).isTrue();
		}
	}

	@Test
	void aClosedHandleIsRefusedAndTheSocketStaysUsable() throws IOException {
		Handle closed = file("content");
		closed.close();
		assertThatIOException().isThrownBy(() -> this.sender.write(new byte[1], 0, 1, closed))
			.withMessageContaining("closed");
		write("a", file("content"));
		assertThat(read(1)).isEqualTo("a");
		assertThat(receivedContent()).isEqualTo("content");
	}

	@Test
	void aHandleStaysOpenWhenItIsWritten() throws IOException {
		try (Handle handle = file("content")) {
			this.sender.write(new byte[] { 'a' }, 0, 1, handle);
			assertThat(handle.isOpen()).isTrue();
			assertThat(read(1)).isEqualTo("a");
			assertThat(receivedContent()).isEqualTo("content");
		}
	}

	@Test
	void writingToAClosedPeerFailsAndLeaksNothing() throws IOException {
		this.receiver.close();
		OpenDescriptors before = OpenDescriptors.now();
		try (Handle handle = file("content")) {
			assertThatIOException().isThrownBy(() -> this.sender.write(new byte[1], 0, 1, handle));
			assertThat(handle.isOpen()).isTrue();
		}
		this.sender.close();
		assertThat(before.openedSince()).isEmpty();
	}

	@Test
	void aWaitForBytesEndsInTimeAndChangesNothingForReads() throws Exception {
		this.receiver.allowPolling();
		assertThat(this.receiver.awaitReadable(1)).isFalse();
		write("a");
		assertThat(this.receiver.awaitReadable(60_000)).isTrue();
		assertThat(this.receiver.available()).isEqualTo(1);
		assertThat(read(1)).isEqualTo("a");
		assertThat(this.receiver.awaitReadable(1)).isFalse();
		AtomicReference<Thread> reader = new AtomicReference<>(Thread.currentThread());
		FutureTask<Void> written = new FutureTask<>(() -> {
			Blocked.await(reader);
			write("b");
			return null;
		});
		new Thread(written).start();
		// would fail, and not wait, if the socket were still non-blocking
		assertThat(read(1)).isEqualTo("b");
		written.get();
	}

	@Test
	void anInterruptOrTheEndEndsAWaitForBytes() throws IOException {
		this.receiver.allowPolling();
		Thread.currentThread().interrupt();
		assertThat(this.receiver.awaitReadable(60_000)).isFalse();
		assertThat(Thread.interrupted()).isTrue();
		this.sender.close();
		assertThat(this.receiver.awaitReadable(60_000)).isTrue();
		assertThat(this.receiver.read(new byte[1], 0, 1)).isEqualTo(-1);
	}

	@Test
	void closingClosesWhatPollingNeeds() throws IOException {
		this.receiver.close();
		OpenDescriptors before = OpenDescriptors.now();
		HandleSocket.Pair pair = HandleSocket.openPair();
		pair.first().allowPolling();
		assertThat(pair.first().awaitReadable(1)).isFalse();
		while (pair.first().hasRoomFor(1000)) {
			pair.first().write(new byte[1000], 0, 1000);
		}
		pair.first().close();
		pair.second().close();
		assertThat(before.openedSince()).isEmpty();
	}

	private Handle file(String content) throws IOException {
		File file = Files.writeString(Files.createTempFile(this.directory, "file", ""), content).toFile();
		return Handle.take(new FileInputStream(file));
	}

	private void write(String text) throws IOException {
		this.sender.write(text.getBytes(), 0, text.length());
	}

	private void write(String text, Handle handle) throws IOException {
		try (handle) {
			this.sender.write(text.getBytes(), 0, text.length(), handle);
		}
	}

	private String read(int length) throws IOException {
		byte[] bytes = new byte[length];
		return new String(bytes, 0, this.receiver.read(bytes, 0, length));
	}

	private String receivedContent() throws IOException {
		Handle received = this.receiver.pollReceived(HandleKind.FILE);
		assertThat(received).isNotNull();
		try (InputStream stream = received.as(InputStream.class)) {
			return new String(stream.readAllBytes());
		}
	}

}
