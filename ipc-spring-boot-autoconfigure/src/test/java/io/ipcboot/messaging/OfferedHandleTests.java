package io.ipcboot.messaging;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.BacklogFullException;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.RawEnd;
import io.ipcboot.handle.IpcPipe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What becomes of the sender's object when a message with a handle cannot be sent.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class OfferedHandleTests {

	private static final String NOTE = "\nThe writable end of a pipe that was to be handed over is closed on this side.";

	private RawEnd raw;

	private IpcPipe pipe;

	@BeforeEach
	void open() throws Exception {
		this.raw = new RawEnd();
		this.pipe = IpcPipe.open();
	}

	@AfterEach
	void close() throws Exception {
		this.pipe.close();
		this.raw.close();
	}

	@Test
	void aClosedChannelTakesNothing() throws Exception {
		PeerAtRawEnd peer = peer(Duration.ofSeconds(30));
		peer.close();
		assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> send(peer, false, Duration.ZERO))
			.withMessageEndingWith("the channel is closed");
		assertUsable();
	}

	@Test
	void aFullBacklogTakesNothingFromASenderThatDoesNotWait() throws Exception {
		try (PeerAtRawEnd peer = peer(Duration.ZERO)) {
			fillBacklog(peer);
			assertThatExceptionOfType(BacklogFullException.class).isThrownBy(() -> send(peer, false, Duration.ZERO))
				.withMessageEndingWith("the peer does not keep up");
			assertUsable();
		}
	}

	@Test
	void aSenderThatWaitedInVainIsToldWhatItHasLost() throws Exception {
		try (PeerAtRawEnd peer = peer(Duration.ofMillis(50))) {
			fillBacklog(peer);
			assertThatExceptionOfType(BacklogFullException.class).isThrownBy(() -> send(peer, false, Duration.ZERO))
				.withMessageEndingWith("the peer does not keep up" + NOTE);
			assertThat(this.pipe.source().read()).isEqualTo(-1);
		}
	}

	@Test
	void aSenderThatKeepsItsObjectHasLostNothing() throws Exception {
		try (PeerAtRawEnd peer = peer(Duration.ofMillis(50))) {
			fillBacklog(peer);
			assertThatExceptionOfType(BacklogFullException.class).isThrownBy(() -> send(peer, true, Duration.ZERO))
				.withMessageEndingWith("the peer does not keep up");
			assertUsable();
		}
	}

	@Test
	void theEndOfThePeerSaysWhatIsLost() throws Exception {
		try (PeerAtRawEnd peer = peer(Duration.ofSeconds(30))) {
			CompletableFuture<Void> sent = send(peer, false, Duration.ZERO);
			this.raw.next(FrameType.MESSAGE);
			this.raw.close();
			assertFailsWithNote(sent, "gone before it started it");
		}
	}

	@Test
	void theEndOfTheTimeSaysWhatIsLost() throws Exception {
		try (PeerAtRawEnd peer = peer(Duration.ofSeconds(30))) {
			assertFailsWithNote(send(peer, false, Duration.ofMillis(50)),
					"no listener has started the message for 'x' within 50 ms");
		}
	}

	private static void assertFailsWithNote(CompletableFuture<Void> sent, String message) {
		assertThat(sent).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.withMessageEndingWith(message + NOTE);
	}

	private PeerAtRawEnd peer(Duration sendTimeout) throws IOException {
		return new PeerAtRawEnd(this.raw, new ChannelOptions(16 * 1024 * 1024, 1024, sendTimeout));
	}

	/** The backlog shrinks until the kernel's buffer is full too. */
	private static void fillBacklog(PeerAtRawEnd peer) {
		Awaitility.await().pollInSameThread().until(() -> {
			while (peer.peer.channel().isWritable()) {
				peer.send("x", new byte[4 * 1024 * 1024], Duration.ZERO);
			}
			return !peer.peer.channel().isWritable();
		});
	}

	private CompletableFuture<Void> send(PeerAtRawEnd peer, boolean keepOpen, Duration timeout) {
		return peer.sender.send(TestMessages.of("x", null, null, Map.of(), this.pipe.sink(), keepOpen, timeout));
	}

	private void assertUsable() throws IOException {
		this.pipe.sink().write(1);
		assertThat(this.pipe.source().read()).isEqualTo(1);
	}

}
