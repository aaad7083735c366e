package io.ipcboot.channel;

import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.handle.HandleSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** A write that blocks here blocks forever, so the time limit is the assertion. */
@Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
class KernelBufferTests {

	@ParameterizedTest
	@ValueSource(ints = { 1, 40, 100, 1000, 3000, 4096, 5000, 16_384, 16_385, 33_000, 65_536, 100_000 })
	void whatItHasRoomForDoesNotBlock(int size) throws Exception {
		HandleSocket.Pair pair = HandleSocket.openPair();
		try {
			KernelBuffer kernel = new KernelBuffer(pair.first().sendBufferSize());
			byte[] bytes = new byte[size];
			int writes = 0;
			while (kernel.hasRoomFor(size)) {
				kernel.written(size);
				pair.first().write(bytes, 0, size);
				writes++;
			}
			assertThat(writes).isPositive();
		}
		finally {
			pair.first().close();
			pair.second().close();
		}
	}

	@Test
	void whatItHasRoomForDoesNotBlockWhileThePeerReads() throws Exception {
		HandleSocket.Pair pair = HandleSocket.openPair();
		Random random = new Random(4711);
		AtomicLong read = new AtomicLong();
		try {
			KernelBuffer kernel = new KernelBuffer(pair.first().sendBufferSize());
			byte[] bytes = new byte[65_536];
			long written = 0;
			for (int i = 0; i < 100_000; i++) {
				int size = 1 + random.nextInt(random.nextBoolean() ? 200 : 40_000);
				while (!kernel.hasRoomFor(size)) {
					read.addAndGet(pair.second().read(bytes, 0, 1 + random.nextInt(bytes.length)));
					kernel.readByPeer(read.get());
				}
				kernel.written(size);
				pair.first().write(bytes, 0, size);
				written += size;
			}
			assertThat(read.get()).isBetween(written - 1_000_000, written);
		}
		finally {
			pair.first().close();
			pair.second().close();
		}
	}

	@Test
	void roomComesBackWhenThePeerHasRead() {
		KernelBuffer kernel = new KernelBuffer(200_000);
		for (int i = 0; i < 90; i++) {
			kernel.written(500);
		}
		assertThat(kernel.hasRoomFor(20_000)).isFalse();
		kernel.readByPeer(499);
		assertThat(kernel.hasRoomFor(20_000)).isFalse();
		assertThat(kernel.readByPeer(90 * 500)).isTrue();
		assertThat(kernel.hasRoomFor(90_000)).isTrue();
		assertThat(kernel.readByPeer(90 * 500 + 1)).isFalse();
	}

	@Test
	void aPeerThatNeverReportsIsNotRememberedForever() {
		KernelBuffer kernel = new KernelBuffer(200_000);
		for (int i = 0; i < 100_000; i++) {
			kernel.written(1);
		}
		assertThat(kernel.size()).isLessThan(10_000);
		kernel.readByPeer(99_999);
		assertThat(kernel.hasRoomFor(1)).isFalse();
		kernel.readByPeer(100_000);
		assertThat(kernel.hasRoomFor(90_000)).isTrue();
	}

}
