package io.ipcboot.channel;

import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import com.sun.management.ThreadMXBean;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleKind;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.handle.IpcPipe;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever bytes arrive, they are frames or an error: nothing hangs, nothing else is
 * thrown, and no descriptor is left open.
 */
@Timeout(value = 240, threadMode = ThreadMode.SEPARATE_THREAD)
class RandomInputTests {

	private static final int LIMIT = 4096;

	/** Completes every frame that was begun, and is no frame itself. */
	private static final byte[] FILLER = new byte[LIMIT + HeaderCodec.NAME_ROOM + 2 * FrameHeader.SIZE];

	/** A reader's own buffer, and all that can be in one input, a few times over. */
	private static final long ALLOCATION = 64 * 1024 + 32 * LIMIT;

	/** Classes are loaded and code is compiled, on this thread too. */
	private static final int WARM_UP = 1000;

	private static final int INPUTS = Integer.getInteger("tests.inputs", 1_000_000);

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final byte[] scratch = new byte[FILLER.length];

	private final long seed = Long.getLong("tests.seed", System.nanoTime());

	private final Random random = new Random(this.seed);

	private int round;

	/**
	 * As a worker reads, which takes handles, and as its parent does, which takes none.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aReaderTakesFramesOrFails(boolean acceptsHandles) throws Exception {
		assertTakesFramesOrFails(acceptsHandles, INPUTS / 20);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	@Tag("long")
	void aReaderTakesFramesOrFailsForALongTime(boolean acceptsHandles) throws Exception {
		assertTakesFramesOrFails(acceptsHandles, INPUTS / 2);
	}

	private void assertTakesFramesOrFails(boolean acceptsHandles, int inputs) throws Exception {
		OpenDescriptors descriptors = OpenDescriptors.now();
		HandleSocket.Pair pair = HandleSocket.openPair();
		pair.first().acceptHandles(acceptsHandles);
		try (IpcPipe pipe = IpcPipe.open(); Handle handle = Handle.share(pipe.sink())) {
			int frames = 0;
			for (this.round = 0; this.round < inputs; this.round++) {
				frames += read(pair, mutated(input()), handle, acceptsHandles);
			}
			assertThat(frames).as("valid frames, seed %d", this.seed).isGreaterThan(inputs / 2);
		}
		finally {
			pair.first().close();
			pair.second().close();
		}
		descriptors.awaitNoMore();
	}

	private int read(HandleSocket.Pair pair, byte[] input, Handle handle, boolean acceptsHandles) throws IOException {
		if (this.random.nextInt(20) == 0) {
			pair.second().write(input, 0, input.length, handle);
		}
		else {
			pair.second().write(input, 0, input.length);
		}
		pair.second().write(FILLER, 0, FILLER.length);
		List<Frame> frames = new ArrayList<>();
		long allocated = THREADS.getCurrentThreadAllocatedBytes();
		FrameReader reader = new FrameReader(pair.first(), LIMIT);
		if (acceptsHandles) {
			reader.acceptHandles();
		}
		try {
			while (reader.read((frame, acknowledged) -> frames.add(frame))) {
				assertThat(frames.size()).isLessThan(1000);
			}
			throw new AssertionError("the stream has not ended" + where());
		}
		catch (MalformedFrameException ex) {
			// as it should be
		}
		catch (Exception | Error ex) {
			throw new AssertionError("unexpected" + where(), ex);
		}
		if (this.round > WARM_UP && THREADS.getCurrentThreadAllocatedBytes() - allocated > ALLOCATION) {
			throw new AssertionError(
					"allocated %,d bytes".formatted(THREADS.getCurrentThreadAllocatedBytes() - allocated) + where());
		}
		for (long rest = input.length + FILLER.length - reader.bytesRead(); rest > 0;) {
			rest -= pair.first().read(this.scratch, 0, (int) Math.min(rest, FILLER.length));
		}
		while (pair.first().received() > 0) {
			close(pair.first().pollReceived(HandleKind.PIPE_SINK));
		}
		frames.forEach((frame) -> close(frame.handle()));
		return frames.size();
	}

	@Test
	void aChannelTakesFramesOrEnds() throws Exception {
		OpenDescriptors descriptors = OpenDescriptors.now();
		for (this.round = 0; this.round < 1000; this.round++) {
			RawPeer peer = new RawPeer(new ChannelOptions(LIMIT, LIMIT, ChannelOptions.DEFAULT.sendTimeout()));
			peer.tryWrite(mutated(input()));
			peer.tryWrite(FILLER);
			peer.socket.shutdown();
			ChannelClosedException cause = peer.awaitClosed();
			if (!(cause instanceof ProtocolException) && !(cause.getCause() instanceof EOFException)
					&& cause.getCause() != null) {
				throw new AssertionError("unexpected" + where(), cause);
			}
			peer.receiver.frames.forEach((frame) -> close(frame.handle()));
			peer.close();
		}
		descriptors.awaitNoMore();
	}

	private byte[] input() {
		List<byte[]> frames = new ArrayList<>();
		frames.add(WireFrame.name(1, "a").bytes());
		for (int id = 1; id <= 1 + this.random.nextInt(4); id++) {
			frames.add(switch (this.random.nextInt(5)) {
				case 0 -> WireFrame.message(id, "x".repeat(this.random.nextInt(300))).bytes();
				case 1 -> WireFrame.message(id, "h").kind(HandleKind.PIPE_SINK).bytes();
				case 2 -> WireFrame.of(FrameType.REPLY).id(id).body(new byte[this.random.nextInt(3000)]).bytes();
				case 3 -> WireFrame.of(FrameType.STARTED).id(id).acknowledged(id).bytes();
				default -> WireFrame.of(FrameType.FAILURE)
					.id(id)
					.body(new byte[] { 0, 1, 0, 1, 'a', 0, 0, 0, 1, 'b' })
					.headersLength(10)
					.bytes();
			});
		}
		int length = frames.stream().mapToInt((frame) -> frame.length).sum();
		ByteBuffer all = ByteBuffer.allocate(length);
		frames.forEach(all::put);
		return all.array();
	}

	private byte[] mutated(byte[] input) {
		byte[] bytes = input.clone();
		for (int changes = this.random.nextInt(4); changes > 0; changes--) {
			int at = this.random.nextInt(bytes.length);
			switch (this.random.nextInt(4)) {
				case 0 -> bytes[at] = (byte) this.random.nextInt();
				case 1 -> bytes[at] ^= (byte) (1 << this.random.nextInt(8));
				case 2 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
				default -> bytes[at] = new byte[] { 0, -1, 127, -128 }[this.random.nextInt(4)];
			}
		}
		return bytes;
	}

	private String where() {
		return " for input " + this.round + " of seed " + this.seed + ", which -Dtests.seed repeats";
	}

	private static void close(@Nullable Handle handle) {
		if (handle != null) {
			handle.close();
		}
	}

}
