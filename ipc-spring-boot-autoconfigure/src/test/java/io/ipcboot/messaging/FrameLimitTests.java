package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.handle.IpcPipe;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class FrameLimitTests extends AbstractPeerTests {

	private static final int LIMIT = 16 * 1024 * 1024;

	@Test
	void payloadsOfEverySizeUpToTheLimitCross() {
		this.pair.right.listeners.add("echo", (message) -> message.payload(byte[].class));
		Random random = new Random(4711);
		for (int size : new int[] { 0, 1, 39, 40, 41, 4096, 32_768, 32_769, 65_495, 65_496, 65_497, 65_536, 131_072,
				212_992, 1_000_000, LIMIT - 1, LIMIT }) {
			byte[] bytes = new byte[size];
			random.nextBytes(bytes);
			assertThat((byte[]) this.pair.left.call("echo", bytes, byte[].class)).isEqualTo(bytes);
		}
	}

	@Test
	void largePayloadsCrossBothWaysAtOnce() {
		byte[] bytes = new byte[LIMIT];
		new Random(4711).nextBytes(bytes);
		for (PeerPair.Side side : List.of(this.pair.left, this.pair.right)) {
			side.listeners.add("echo", (message) -> message.payload(byte[].class));
		}
		List<CompletableFuture<byte[]>> replies = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			replies.add(this.pair.left.callAsync("echo", bytes, byte[].class));
			replies.add(this.pair.right.callAsync("echo", bytes, byte[].class));
		}
		for (CompletableFuture<byte[]> reply : replies) {
			assertThat(Arrays.equals(reply.join(), bytes)).isTrue();
		}
	}

	@Test
	void moreThanTheLimitIsRefusedBeforeAnythingIsSent() throws Exception {
		this.pair.right.listeners.add("echo", (message) -> message.payload(byte[].class));
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.pair.left.call("echo", new byte[LIMIT + 1], byte[].class))
			.withMessage("a message of 16,777,217 bytes for 'echo' exceeds the limit of 16,777,216 bytes; raise "
					+ "'ipc.max-frame-size' on both sides or hand over a file instead");
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.pair.left.send("echo", "x".repeat(LIMIT + 1)));
		assertThat(this.pair.left.call("echo", new byte[1], byte[].class)).isEqualTo(new byte[1]);
	}

	@Test
	void headersCount() {
		this.pair.right.listeners.add("size", (message) -> message.getPayload().length);
		// a count, and for the header two lengths, the name and the value
		int headers = 2 + 2 + 1 + 4 + 1000;
		assertThat(callWithHeader(LIMIT - headers)).isEqualTo(LIMIT - headers);
		assertThatExceptionOfType(MessageTooLargeException.class).isThrownBy(() -> callWithHeader(LIMIT - headers + 1));
	}

	private Object callWithHeader(int payload) {
		return this.pair.left.sender
			.call(TestMessages.of("size", new byte[payload], null, Map.of("h", "v".repeat(1000)), null, false, null),
					int.class)
			.body();
	}

	@Test
	void whatIsRefusedKeepsItsHandle() throws Exception {
		try (IpcPipe pipe = IpcPipe.open()) {
			assertThatExceptionOfType(MessageTooLargeException.class).isThrownBy(() -> this.pair.left.sender
				.send(TestMessages.of("x", new byte[LIMIT + 1], null, Map.of(), pipe.sink(), false, null)));
			assertThatIllegalArgumentException()
				.isThrownBy(() -> this.pair.left.sender
					.send(TestMessages.of("x", null, null, Map.of("h", "v".repeat(100_000)), pipe.sink(), false, null)))
				.withMessageStartingWith("The headers of a message take 100,009 bytes");
			pipe.sink().write(1);
			assertThat(pipe.source().read()).isEqualTo(1);
		}
	}

	@Test
	void manyHeadersDoNotGetPastTheBacklog() throws Exception {
		this.pair.close();
		this.pair = new PeerPair(new ChannelOptions(LIMIT, 1024 * 1024, Duration.ZERO), 1);
		this.pair.left.start();
		OutgoingMessage message = TestMessages.of("x", null, null, Map.of("h", "v".repeat(60_000)), null, false, null);
		int sent = BackpressureTests.sendUntilFull(() -> this.pair.left.sender.send(message));
		// what the window, the backlog and the kernel take
		assertThat(sent * 60_000).isLessThan(5 * 1024 * 1024);
	}

	@Test
	void aFailureOfAnyLengthIsAnAnswer() throws Exception {
		this.pair.close();
		this.pair = new PeerPair(new ChannelOptions(1024, 1, Duration.ofSeconds(30)), 1).start();
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IllegalStateException("€".repeat(4000));
		});
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.pair.left.call("fail", null, String.class))
			.withMessageContaining(IllegalStateException.class.getName())
			.withMessageContaining("€€€");
	}

	@Test
	void otherLimitsAreKeptToo() throws Exception {
		this.pair.close();
		this.pair = new PeerPair(new ChannelOptions(1024, 1, Duration.ofSeconds(30)), 1).start();
		this.pair.right.listeners.add("echo", (message) -> message.payload(byte[].class));
		for (int i = 0; i < 100; i++) {
			this.pair.left.send("echo", new byte[1024]);
		}
		assertThat(this.pair.left.call("echo", new byte[1024], byte[].class)).isEqualTo(new byte[1024]);
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.pair.left.call("echo", new byte[1025], byte[].class));
	}

}
