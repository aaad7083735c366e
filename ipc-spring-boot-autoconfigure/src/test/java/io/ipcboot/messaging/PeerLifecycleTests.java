package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.OpenDescriptors;
import io.ipcboot.handle.IpcPipe;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 120, threadMode = ThreadMode.SEPARATE_THREAD)
class PeerLifecycleTests {

	@Test
	void fiveHundredPairsLeaveNothingBehind() throws Exception {
		OpenDescriptors before = OpenDescriptors.now();
		for (int i = 0; i < 500; i++) {
			PeerPair pair = new PeerPair(ChannelOptions.DEFAULT, 1 + i % 2).start();
			pair.right.listeners.add("echo", (message) -> message.payload(byte[].class));
			pair.left.send("nobody", "x");
			assertThat(pair.left.call("echo", new byte[i * 100], byte[].class)).isEqualTo(new byte[i * 100]);
			if (i % 3 == 0) {
				pair.right.peer.close();
			}
			pair.close();
		}
		Awaitility.await().until(() -> threads("ipc-test-").isEmpty());
		before.awaitNoMore();
	}

	@Test
	void aPairThatWasNeverStartedLeavesNothingBehind() throws Exception {
		OpenDescriptors before = OpenDescriptors.now();
		for (int i = 0; i < 20; i++) {
			PeerPair pair = new PeerPair();
			pair.left.peer.close();
			pair.right.peer.close();
		}
		before.awaitNoMore();
	}

	@Test
	void handlesThatAreOnTheirWayWhenTheChannelEndsAreClosed() throws Exception {
		OpenDescriptors before = OpenDescriptors.now();
		for (int round = 0; round < 50; round++) {
			PeerPair pair = new PeerPair();
			pair.left.start();
			if (round % 2 == 0) {
				pair.right.startWithoutListeners();
			}
			else {
				pair.right.start();
				pair.right.listeners.add("handle", (message) -> null);
			}
			List<CompletableFuture<Void>> sent = new ArrayList<>();
			try (IpcPipe pipe = IpcPipe.open()) {
				for (int i = 0; i < 100; i++) {
					sent.add(pair.left.sender
						.send(TestMessages.of("handle", i, null, Map.of(), pipe.sink(), true, null)));
				}
			}
			((round % 3 == 0) ? pair.left : pair.right).peer.close();
			pair.close();
			// on threads of their own, as code may be attached
			Awaitility.await().until(() -> sent.stream().allMatch(CompletableFuture::isDone));
		}
		before.awaitNoMore();
	}

	@Test
	void listenersThatAreOpenedAfterTheEndHarmNobody() throws Exception {
		PeerPair pair = new PeerPair();
		pair.left.start();
		pair.right.startWithoutListeners();
		pair.left.send("x", 1);
		pair.close();
		pair.right.peer.openListeners();
		assertThat(pair.right.peer.drain()).succeedsWithin(Duration.ofSeconds(10));
	}

	@Test
	void toCloseTwiceOrFromAListenerIsPossible() throws Exception {
		PeerPair pair = new PeerPair().start();
		pair.right.listeners.add("close", (message) -> {
			pair.right.peer.close();
			pair.right.peer.close();
			return null;
		});
		CompletableFuture<Object> call = pair.left.callAsync("close", null, Object.class);
		assertThat(call).failsWithin(Duration.ofSeconds(10));
		pair.close();
	}

	static List<Thread> threads(String prefix) {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith(prefix))
			.toList();
	}

}
