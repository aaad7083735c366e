package io.ipcboot.messaging;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class PeerTests {

	private PeerPair pair;

	@BeforeEach
	void open() throws Exception {
		this.pair = new PeerPair();
	}

	@AfterEach
	void close() {
		this.pair.close();
	}

	@Test
	void aCallIsAnswered() {
		this.pair.right.listeners.add("upper", (message) -> ((String) message.payload(String.class)).toUpperCase());
		Object reply = this.pair.left.exchanges.call(OutgoingMessage.of("upper", "grüße"), String.class).body();
		assertThat(reply).isEqualTo("GRÜSSE");
	}

	@Test
	void manyCallsInFlight() {
		this.pair.right.listeners.add("inc", (message) -> (Integer) message.payload(Integer.class) + 1);
		for (int round = 0; round < 10; round++) {
			long start = System.nanoTime();
			List<CompletableFuture<?>> all = new ArrayList<>();
			int n = 20000;
			for (int i = 0; i < n; i++) {
				int expected = i + 1;
				all.add(this.pair.left.exchanges.callAsync(OutgoingMessage.of("inc", i), Integer.class)
					.thenAccept((r) -> assertThat(r).isEqualTo(expected)));
			}
			CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
			System.out.println("async " + (System.nanoTime() - start) / 1000.0 / n + " us/call");
			start = System.nanoTime();
			for (int i = 0; i < n; i++) {
				assertThat(this.pair.left.exchanges.call(OutgoingMessage.of("inc", i), Integer.class).body())
					.isEqualTo(i + 1);
			}
			System.out.println("sync " + (System.nanoTime() - start) / 1000.0 / n + " us/call");
		}
	}

	@Test
	void oneCallConfirmsAllEventsBefore() {
		AtomicInteger next = new AtomicInteger();
		this.pair.right.listeners.add("event", (message) -> {
			assertThat(message.payload(Integer.class)).isEqualTo(next.getAndIncrement());
			return null;
		});
		this.pair.right.listeners.add("count", (message) -> next.get());
		for (int round = 1; round < 10; round++) {
			long start = System.nanoTime();
			for (int i = 0; i < 100_000; i++) {
				this.pair.left.exchanges.send(OutgoingMessage.of("event", (round - 1) * 100_000 + i));
			}
			Object count = this.pair.left.exchanges.call(OutgoingMessage.of("count", null), Integer.class).body();
			assertThat(count).isEqualTo(round * 100_000);
			System.out.println("event " + (System.nanoTime() - start) / 1000.0 / 100_000 + " us");
		}
	}

}
