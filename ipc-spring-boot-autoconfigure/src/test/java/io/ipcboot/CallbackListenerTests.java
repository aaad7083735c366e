package io.ipcboot;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.ipcboot.messaging.PeerPair;
import io.ipcboot.messaging.RemoteHandlerException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests that a callback for handles is not called without one.
 */
@Timeout(60)
class CallbackListenerTests {

	private final List<@Nullable Object> taken = new ArrayList<>();

	private PeerPair pair;

	@BeforeEach
	void open() throws IOException {
		this.pair = new PeerPair().start();
		listen("connection", SocketChannel.class);
		listen("stream", InputStream.class);
		listen("text", String.class);
	}

	@AfterEach
	void close() {
		this.pair.close();
	}

	private <T> void listen(String destination, Class<T> type) {
		this.pair.right.listeners.add(destination, new CallbackListener<>(destination, type, (value) -> {
			this.taken.add(value);
			return null;
		}));
	}

	@Test
	void theSenderLearnsThatTheHandleIsMissing() {
		for (Object payload : new @Nullable Object[] { null, "text" }) {
			assertThat(this.pair.left.send("connection", payload)).failsWithin(Duration.ofSeconds(30))
				.withThrowableThat()
				.havingCause()
				.isInstanceOf(RemoteHandlerException.class)
				.withMessageContaining("the message came without a handle, but the callback")
				.withMessageContaining("takes a java.nio.channels.SocketChannel");
			assertThatExceptionOfType(RemoteHandlerException.class)
				.isThrownBy(() -> this.pair.left.call("connection", payload, Object.class))
				.withMessageContaining("the message came without a handle");
		}
		assertThat(this.taken).isEmpty();
	}

	@Test
	void aStreamMayBeThatOfThePayload() {
		this.pair.left.send("stream", new byte[] { 1 }).join();
		this.pair.left.send("text", null).join();
		assertThat(this.pair.left.call("text", "x", Object.class)).isNull();
		assertThat(this.taken).hasSize(3);
		assertThat(this.taken.get(0)).isInstanceOf(InputStream.class);
		assertThat(this.taken.subList(1, 3)).containsExactly(null, "x");
	}

}
