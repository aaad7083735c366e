package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.IpcException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NestedCallTests extends AbstractPeerTests {

	@Test
	void aListenerCallsBackWhileItIsBeingCalled() throws Exception {
		this.pair.left.listeners.add("name", (message) -> "left");
		this.pair.right.listeners.add("greet",
				(message) -> "hello " + this.pair.right.call("name", null, String.class));
		for (int i = 0; i < 1000; i++) {
			assertThat(this.pair.left.call("greet", null, String.class)).isEqualTo("hello left");
		}
	}

	@Test
	void bothSidesCallBackAtTheSameTime() throws Exception {
		for (PeerPair.Side side : List.of(this.pair.left, this.pair.right)) {
			side.listeners.add("leaf", CancellationTests.concurrent((message) -> message.payload(int.class)));
			side.listeners.add("node", CancellationTests
				.concurrent((message) -> 1 + (int) side.call("leaf", message.payload(int.class), int.class)));
		}
		OrderingTests.inParallel(8, (thread) -> {
			PeerPair.Side side = (thread % 2 == 0) ? this.pair.left : this.pair.right;
			for (int i = 0; i < 200; i++) {
				assertThat(side.call("node", i, int.class)).isEqualTo(i + 1);
			}
		});
	}

	@Test
	void callsNestManyLevelsWhereListenersMayOverlap() throws Exception {
		this.pair.close();
		this.pair = new PeerPair(ChannelOptions.DEFAULT, 20).start();
		for (PeerPair.Side side : List.of(this.pair.left, this.pair.right)) {
			side.listeners.add("depth", (message) -> {
				int levels = (int) message.payload(int.class);
				return (levels == 0) ? 0 : 1 + (int) side.call("depth", levels - 1, int.class);
			});
		}
		assertThat(this.pair.left.call("depth", 30, int.class)).isEqualTo(30);
		List<CompletableFuture<Integer>> replies = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			replies.add(this.pair.left.callAsync("depth", 4, int.class));
			replies.add(this.pair.right.callAsync("depth", 4, int.class));
		}
		assertThat(replies).allMatch((reply) -> reply.join() == 4);
	}

	@Test
	void aSerialListenerThatCallsItselfFailsAtTheDeadlineAndTheChannelLives() {
		this.pair.left.listeners.add("back",
				(message) -> this.pair.left.sender.call(message("self"), Object.class).body());
		this.pair.right.listeners.add("self",
				(message) -> this.pair.right.sender.call(message("back"), Object.class).body());
		assertThatExceptionOfType(IpcException.class)
			.isThrownBy(() -> this.pair.left.sender.call(message("self"), Object.class));
		this.pair.right.listeners.add("echo", (message) -> message.payload(String.class));
		assertThat(this.pair.left.call("echo", "x", String.class)).isEqualTo("x");
	}

	private static OutgoingMessage message(String destination) {
		return TestMessages.of(destination, null, null, Map.of(), null, false, Duration.ofMillis(200));
	}

	@Test
	void anAsynchronousListenerCallsBackAsOftenAsItLikes() throws Exception {
		this.pair.left.listeners.add("add", (message) -> 1 + (int) message.payload(int.class));
		this.pair.right.listeners.add("twice",
				(message) -> this.pair.right.callAsync("add", message.payload(int.class), Integer.class)
					.thenCompose((sum) -> this.pair.right.callAsync("add", sum, Integer.class)));
		List<CompletableFuture<Integer>> replies = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			replies.add(this.pair.left.callAsync("twice", i, int.class));
		}
		for (int i = 0; i < 1000; i++) {
			assertThat(replies.get(i).join()).isEqualTo(i + 2);
		}
	}

}
