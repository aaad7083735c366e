package io.ipcboot.handle;

import java.io.IOException;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A write that blocks here blocks forever, so the time limit is the assertion. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SendBufferTests {

	private HandleSocket writer;

	private HandleSocket reader;

	@BeforeEach
	void open() throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		this.writer = pair.first();
		this.writer.allowPolling();
		this.reader = pair.second();
	}

	@AfterEach
	void close() throws IOException {
		this.writer.close();
		this.reader.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 40, 100, 1000, 3000, 4096, 5000, 16_384, 16_385, 33_000, 65_536, 100_000 })
	void whatItHasRoomForDoesNotBlock(int size) throws IOException {
		assertThat(fill(size)).isPositive();
	}

	@Test
	void whatItHasRoomForDoesNotBlockWhileThePeerReads() throws IOException {
		Random random = new Random(4711);
		byte[] bytes = new byte[65_536];
		long written = 0;
		long read = 0;
		for (int i = 0; i < 100_000; i++) {
			int size = 1 + random.nextInt(random.nextBoolean() ? 200 : 40_000);
			while (!this.writer.hasRoomFor(size)) {
				read += this.reader.read(bytes, 0, 1 + random.nextInt(bytes.length));
			}
			this.writer.write(bytes, 0, size);
			written += size;
		}
		assertThat(read).isBetween(written - 1_000_000, written);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 1000, 33_000 })
	void roomComesBackWhenThePeerHasRead(int size) throws IOException {
		int first = fill(size);
		byte[] bytes = new byte[first * size];
		for (int read = 0; read < bytes.length;) {
			read += this.reader.read(bytes, read, bytes.length - read);
		}
		assertThat(this.writer.unread(size)).isZero();
		assertThat(fill(size)).isGreaterThanOrEqualTo(first / 2);
	}

	@Test
	void whatWasNotReadIsKnown() throws IOException {
		int written = fill(1);
		assertThat(this.writer.unread(1)).isBetween(written / 10, written);
	}

	@Test
	void thereIsNoRoomForMoreThanTheBuffer() {
		assertThat(this.writer.hasRoomFor(100_000_000)).isFalse();
	}

	/** Write as often as there is room. */
	private int fill(int size) throws IOException {
		byte[] bytes = new byte[size];
		int writes = 0;
		while (this.writer.hasRoomFor(size)) {
			this.writer.write(bytes, 0, size);
			writes++;
		}
		return writes;
	}

}
