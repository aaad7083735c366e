package io.ipcboot.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A worker sends through its parent to another worker. There is no pool: the parent sends
 * to the one worker that there is.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RelayTests {

	/** No failures of pools. */
	private static final FailureFormat NONE = new FailureFormat() {

		@Override
		public @Nullable Map<String, String> write(IpcException failure) {
			return null;
		}

		@Override
		public @Nullable IpcException read(Map<String, String> headers, @Nullable PeerId peer) {
			return null;
		}

	};

	private PeerPair asking;

	private PeerPair serving;

	private ExchangeSender sender;

	private final List<Exchange> forwarded = new CopyOnWriteArrayList<>();

	@BeforeEach
	void open() throws Exception {
		this.asking = new PeerPair();
		this.serving = new PeerPair().start();
		PayloadConverter converter = new PayloadConverter(JsonMapper.builder().build(), 1024 * 1024);
		ExchangeSender pool = new ExchangeSender(converter, 1024 * 1024, Duration.ofSeconds(30), new ForwardingRoute());
		this.asking.left.listeners.add(RelayRoute.DESTINATION, new RelayListener((name) -> {
			assertThat(name).isEqualTo("work");
			return pool;
		}, NONE));
		this.asking.start();
		this.sender = new ExchangeSender(converter, 1024 * 1024, Duration.ofSeconds(30),
				new RelayRoute(this.asking.right.peer, "work", NONE, Duration.ofSeconds(30)));
	}

	@AfterEach
	void close() {
		this.asking.close();
		this.serving.close();
	}

	@Test
	void payloadsAreNotTouched() {
		List<String> received = new CopyOnWriteArrayList<>();
		this.serving.right.listeners.add("take", (message) -> {
			received.add(message.frame().content() + " " + new String(message.getPayload(), StandardCharsets.UTF_8));
			return message.payload(Object.class);
		});
		assertThat(this.sender.call(TestMessages.of("take", "text"), String.class).body()).isEqualTo("text");
		assertThat(this.sender.call(TestMessages.of("take", Map.of("a", 1)), Map.class).body())
			.isEqualTo(Map.of("a", 1));
		assertThat(this.sender.call(TestMessages.of("take", new byte[] { 65 }), byte[].class).body())
			.isEqualTo(new byte[] { 65 });
		assertThat(this.sender.call(TestMessages.of("take", null), String.class).body()).isNull();
		assertThat(received).containsExactly(Content.TEXT + " text", Content.JSON + " {\"a\":1}", Content.BYTES + " A",
				Content.NULL + " ");
	}

	@Test
	void headersOfTheApplicationTravelAndOthersAreNotSeen() {
		this.serving.right.listeners.add("headers", (message) -> message.getHeaders().keySet());
		List<?> names = (List<?>) this.sender
			.call(TestMessages.of("headers", null, null, Map.of("mine", "x"), null, false, null), List.class)
			.body();
		assertThat(names).asString().contains("mine").doesNotContain(":");
	}

	@Test
	void theReplyNamesTheProcessThatGaveIt() {
		this.serving.right.listeners.add("echo", (message) -> "x");
		assertThat(this.sender.call(TestMessages.of("echo", null), String.class).from())
			.isEqualTo(this.serving.left.peer.id());
	}

	@Test
	void keyAndIdempotenceTravel() {
		this.serving.right.listeners.add("echo", (message) -> "x");
		this.sender.call(new OutgoingMessage("echo", null, null, Map.of(), null, false, null, "tenant", true),
				String.class);
		assertThat(this.forwarded).hasSize(1)
			.allSatisfy((exchange) -> assertThat(exchange.key()).isEqualTo("tenant"))
			.allSatisfy((exchange) -> assertThat(exchange.repeat(1)).isTrue())
			.allSatisfy((exchange) -> assertThat(exchange.sender()).isSameAs(this.asking.left.peer));
	}

	@Test
	void theListenerSeesTheTimeThatIsLeft() {
		CompletableFuture<Long> seen = new CompletableFuture<>();
		this.serving.right.listeners.add("time", (message) -> seen.complete(Inbound.current().remaining()));
		long limit = Duration.ofSeconds(20).toNanos();
		this.sender.call(TestMessages.of("time", null, null, Map.of(), null, false, Duration.ofNanos(limit)),
				Boolean.class);
		assertThat(seen.join()).isPositive().isLessThan(limit);
	}

	@Test
	void aCallWithinACallGetsWhatIsLeft() {
		CompletableFuture<Long> seen = new CompletableFuture<>();
		this.asking.left.listeners.add("inner", (message) -> seen.complete(Inbound.current().remaining()));
		this.asking.right.listeners.add("outer", (message) -> this.asking.right.call("inner", null, Boolean.class));
		long limit = Duration.ofSeconds(20).toNanos();
		this.asking.left.sender
			.call(TestMessages.of("outer", null, null, Map.of(), null, false, Duration.ofNanos(limit)), Boolean.class);
		assertThat(seen.join()).as("not the default of 30 seconds").isPositive().isLessThan(limit);
	}

	@Test
	void aCallWithinACallMayHaveNoLimit() {
		CompletableFuture<Long> seen = new CompletableFuture<>();
		this.asking.left.listeners.add("inner", (message) -> seen.complete(Inbound.current().remaining()));
		this.asking.right.listeners.add("outer",
				(message) -> this.asking.right.sender
					.call(TestMessages.of("inner", null, null, Map.of(), null, false, Duration.ZERO), Boolean.class)
					.body());
		this.asking.left.call("outer", null, Boolean.class);
		assertThat(seen.join()).isZero();
	}

	@Test
	void aOneWayMessageIsConfirmedByItsReceiver() throws Exception {
		Gate gate = new Gate();
		this.serving.right.listeners.add("block", (message) -> {
			gate.await();
			return null;
		});
		CompletableFuture<Object> block = this.sender.callAsync(TestMessages.of("block", null), Object.class);
		gate.awaitReached();
		this.serving.right.listeners.add("note", (message) -> null);
		CompletableFuture<Void> sent = this.sender.send(TestMessages.of("note", null));
		Awaitility.await().until(() -> this.forwarded.size() == 2);
		assertThat(sent).isNotDone();
		gate.open();
		sent.join();
		block.join();
	}

	@Test
	void whoeverSendsTooMuchWaits() throws Exception {
		Gate gate = new Gate();
		this.serving.right.listeners.add("block", (message) -> {
			gate.await();
			return null;
		});
		List<CompletableFuture<Object>> calls = new ArrayList<>();
		for (int i = 0; i < RelayShare.MAX_MESSAGES; i++) {
			calls.add(this.sender.callAsync(TestMessages.of("block", null), Object.class));
		}
		OutgoingMessage impatient = TestMessages.of("block", null, null, Map.of(), null, false, Duration.ofMillis(50));
		assertThatExceptionOfType(CallTimeoutException.class)
			.isThrownBy(() -> this.sender.call(impatient, Object.class));
		gate.open();
		calls.forEach(CompletableFuture::join);
		assertThat(this.asking.right.peer.relayShare().isRoomy()).isTrue();
	}

	/** The next message may arrive as soon as the answer is sent. */
	@Test
	void whoeverWaitsIsNeverRefused() {
		this.serving.right.listeners.add("note", (message) -> null);
		for (int round = 0; round < 5; round++) {
			List<CompletableFuture<Void>> sent = new ArrayList<>();
			for (int i = 0; i < 5 * RelayShare.MAX_MESSAGES; i++) {
				sent.add(this.sender.send(TestMessages.of("note", i)));
			}
			sent.forEach(CompletableFuture::join);
		}
	}

	/** It does not count what it has under way. */
	@Test
	void whoeverDoesNotWaitIsRefused() throws Exception {
		Gate gate = new Gate();
		this.serving.right.listeners.add("block", (message) -> {
			gate.await();
			return null;
		});
		Map<String, String> headers = Map.of(RelayRoute.POOL, "work", RelayRoute.TO, "block");
		List<CompletableFuture<Object>> calls = new ArrayList<>();
		for (int i = 0; i <= RelayShare.MAX_MESSAGES; i++) {
			calls.add(unchecked(headers));
		}
		assertThat(calls.get(RelayShare.MAX_MESSAGES)).failsWithin(Duration.ofSeconds(30))
			.withThrowableThat()
			.withMessageContaining("1,000 messages and calls to pools");
		assertThat(calls.subList(0, RelayShare.MAX_MESSAGES)).allMatch((call) -> !call.isDone());
		this.asking.right.peer.close();
		gate.open();
		Awaitility.await().until(() -> this.asking.left.peer.relayShare().tryAcquire(RelayShare.MAX_BYTES));
	}

	private CompletableFuture<Object> unchecked(Map<String, String> headers) {
		Peer parent = this.asking.right.peer;
		ExchangeSender rude = new ExchangeSender(new PayloadConverter(JsonMapper.builder().build(), 1024), 64 * 1024,
				Duration.ZERO, new Route() {

					@Override
					public void transmit(Exchange exchange) {
						parent.transmit(exchange);
					}

					@Override
					public Frame address(Frame frame, OutgoingMessage message, boolean waits) {
						return new Frame(frame.type(), 0, frame.destination(), frame.content(), headers,
								frame.payload(), 0, null);
					}

				});
		return rude.callAsync(TestMessages.of(RelayRoute.DESTINATION, null), Object.class);
	}

	@Test
	void withoutAPoolOrADestinationNothingHappens() {
		assertThat(unchecked(Map.of(RelayRoute.POOL, "work"))).failsWithin(Duration.ofSeconds(30))
			.withThrowableThat()
			.withMessageContaining("IllegalArgumentException");
		assertThat(this.asking.left.peer.relayShare().tryAcquire(RelayShare.MAX_BYTES)).isTrue();
	}

	/** To the one worker that there is. */
	private final class ForwardingRoute implements Route {

		@Override
		public void transmit(Exchange exchange) {
			throw new IllegalStateException("It would wait");
		}

		@Override
		public void forward(Exchange exchange) {
			RelayTests.this.forwarded.add(exchange);
			RelayTests.this.serving.left.peer.offer(exchange);
		}

	}

}
