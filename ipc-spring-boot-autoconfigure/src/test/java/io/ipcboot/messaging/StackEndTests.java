package io.ipcboot.messaging;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application's thread without stack is in trouble, but the channel is not.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class StackEndTests {

	private final PeerPair peers;

	StackEndTests() throws IOException {
		this.peers = new PeerPair();
		this.peers.right.listeners.add("echo", (message) -> message.payload(Object.class));
		this.peers.start();
		// a class that cannot be initialized for want of stack never can again
		requireIntact();
		this.peers.left.callAsync("echo", "x", String.class).cancel(true);
	}

	@AfterEach
	void close() {
		this.peers.close();
	}

	@Test
	void callsLeaveTheChannelIntact() throws Exception {
		assertThat(StackEnd.run(() -> this.peers.left.call("echo", "x", String.class))).isPositive();
		requireIntact();
	}

	@Test
	void messagesLeaveTheChannelIntact() throws Exception {
		List<CompletableFuture<?>> sent = new CopyOnWriteArrayList<>();
		assertThat(StackEnd.run(() -> sent.add(this.peers.left.send("echo", "x")))).isPositive();
		requireIntact();
		sent.forEach((message) -> assertThat(message).succeedsWithin(Duration.ofSeconds(20)));
	}

	@Test
	void cancellationsLeaveTheChannelIntact() throws Exception {
		Gate gate = new Gate();
		this.peers.right.listeners.add("wait", (message) -> {
			gate.await();
			return null;
		});
		assertThat(StackEnd.run(() -> this.peers.left.callAsync("wait", "x", String.class).cancel(true))).isPositive();
		gate.open();
		requireIntact();
	}

	private void requireIntact() {
		assertThat(this.peers.left.peer.isConnected()).isTrue();
		for (int i = 0; i < 100; i++) {
			assertThat(this.peers.left.call("echo", i, Integer.class)).isEqualTo(i);
		}
		assertThat(this.peers.left.send("echo", "last")).succeedsWithin(Duration.ofSeconds(20));
	}

}
