package io.ipcboot.messaging;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a route learns which messages a peer has survived.
 */
class SurvivalTests extends AbstractPeerTests {

	private final List<String> survived = new CopyOnWriteArrayList<>();

	private final Route route = new Route() {

		@Override
		public void transmit(Exchange exchange) {
			SurvivalTests.this.pair.left.peer.transmit(exchange);
		}

		@Override
		public boolean isWatching() {
			return true;
		}

		@Override
		public void survived(Exchange exchange) {
			SurvivalTests.this.survived.add(exchange.destination());
		}

	};

	@Test
	void anAnsweredCallIsSurvivedAndAOneWayMessageOnceAnotherOneStarts() {
		ExchangeSender sender = new ExchangeSender(new PayloadConverter(JsonMapper.builder().build(), 1000), 1000,
				Duration.ofSeconds(30), this.route);
		this.pair.right.listeners.add("reply", (message) -> "x");
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IllegalStateException("on purpose");
		});
		this.pair.right.listeners.add("first", (message) -> null);
		this.pair.right.listeners.add("second", (message) -> null);
		sender.call(TestMessages.of("reply", null), Object.class);
		assertThat(this.survived).containsExactly("reply");
		CompletableFuture<Object> failed = sender.callAsync(TestMessages.of("fail", null), Object.class);
		assertThat(failed).failsWithin(Duration.ofSeconds(20));
		assertThat(this.survived).containsExactly("reply", "fail");
		CompletableFuture<Object> unheard = sender.callAsync(TestMessages.of("nobody listens", null), Object.class);
		assertThat(unheard).failsWithin(Duration.ofSeconds(20));
		sender.send(TestMessages.of("first", null)).join();
		assertThat(this.survived).containsExactly("reply", "fail");
		sender.send(TestMessages.of("second", null)).join();
		assertThat(this.survived).containsExactly("reply", "fail", "first");
	}

}
