package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.MessageTooLargeException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Interceptors are around everything that is sent and handled, and learn of every outcome
 * once.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class InterceptorTests {

	private final List<IpcClientInterceptor> client = new CopyOnWriteArrayList<>();

	private final List<IpcListenerInterceptor> listener = new CopyOnWriteArrayList<>();

	private final List<String> log = Collections.synchronizedList(new ArrayList<>());

	private final List<@Nullable Throwable> outcomes = Collections.synchronizedList(new ArrayList<>());

	private PeerPair pair;

	@BeforeEach
	void open() throws Exception {
		this.pair = new PeerPair(new Interceptors(() -> this.client, () -> this.listener)).start();
		this.pair.right.listeners.add("echo", (message) -> message.payload(Object.class));
		this.pair.right.listeners.add("fail", (message) -> {
			throw new IllegalStateException("broken");
		});
		this.pair.right.listeners.add("never", (message) -> new CompletableFuture<>());
	}

	@AfterEach
	void close() {
		this.pair.close();
	}

	@Test
	void theyAreAroundEachOtherOnBothSides() {
		this.client.add(new Recording("a"));
		this.client.add(new Recording("b"));
		this.listener.add(recording("c"));
		this.listener.add(recording("d"));
		this.pair.right.listeners.add("list", (message) -> {
			this.log.add("listener");
			return null;
		});
		this.pair.left.call("list", null, Void.class);
		assertThat(this.log).containsExactly("a before", "b before", "c before", "d before", "listener", "d after",
				"c after", "b after", "a after");
	}

	@Test
	void aHeaderReachesTheOtherSide() {
		this.client.add(before((exchange) -> {
			exchange.header("trace", exchange.destination() + " " + exchange.isCall());
			exchange.header("mine", "replaced " + exchange.header("mine"));
		}));
		this.listener.add((message, invocation) -> message.getHeaders().get("trace") + ", "
				+ message.getHeaders().get("mine") + ", " + invocation.proceed());
		OutgoingMessage message = TestMessages.of("echo", "x", null, Map.of("mine", "own"), null, false, null);
		assertThat(this.pair.left.sender.call(message, String.class).body()).isEqualTo("echo true, replaced own, x");
	}

	@Test
	void aHeaderThatComesTooLateIsRefused() {
		List<OutgoingExchange> seen = new ArrayList<>();
		this.client.add(before(seen::add));
		this.pair.left.call("echo", "x", String.class);
		assertThatIllegalStateException().isThrownBy(() -> seen.get(0).header("late", "x"))
			.withMessage("The header 'late' of the message to 'echo' comes too late: set it in beforeSend");
	}

	@Test
	void everyOutcomeIsToldOnce() {
		this.client.add(new Recording("a"));
		this.pair.left.call("echo", "x", String.class);
		assertOutcome(null);
		assertThat(this.pair.left.callAsync("echo", "x", String.class)).succeedsWithin(patience()).isEqualTo("x");
		assertOutcome(null);
		assertThat(this.pair.left.send("echo", "x")).succeedsWithin(patience());
		assertOutcome(null);
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.pair.left.call("fail", null, String.class));
		assertOutcome(RemoteHandlerException.class);
		assertThat(this.pair.left.callAsync("fail", null, String.class)).failsWithin(patience());
		assertOutcome(RemoteHandlerException.class);
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("nobody", null, String.class));
		assertOutcome(NoListenerException.class);
	}

	@Test
	void anOutcomeThatTheSenderDecidesIsToldToo() {
		this.client.add(new Recording("a"));
		OutgoingMessage brief = TestMessages.of("never", null, null, Map.of(), null, false, Duration.ofMillis(20));
		assertThatExceptionOfType(CallTimeoutException.class)
			.isThrownBy(() -> this.pair.left.sender.call(brief, String.class));
		assertOutcome(CallTimeoutException.class);
		assertThat(this.pair.left.sender.callAsync(brief, String.class)).failsWithin(patience());
		assertOutcome(CallTimeoutException.class);
		this.pair.left.callAsync("never", null, String.class).cancel(true);
		assertOutcome(CancellationException.class);
	}

	@Test
	void whatCannotBeSentOrReadIsToldToo() {
		this.client.add(new Recording("a"));
		byte[] large = new byte[32 * 1024 * 1024];
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> this.pair.left.call("echo", large, byte[].class));
		assertOutcome(MessageTooLargeException.class);
		assertThatExceptionOfType(MessageTooLargeException.class).isThrownBy(() -> this.pair.left.send("echo", large));
		assertOutcome(MessageTooLargeException.class);
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.pair.left.call("echo", "x", Integer.class));
		assertOutcome(PayloadConversionException.class);
		assertThat(this.pair.left.callAsync("echo", "x", Integer.class)).failsWithin(patience());
		assertOutcome(PayloadConversionException.class);
		this.pair.right.peer.close();
		this.pair.left.awaitClosed();
		assertThatExceptionOfType(ChannelClosedException.class)
			.isThrownBy(() -> this.pair.left.call("echo", "x", String.class));
		assertOutcome(ChannelClosedException.class);
		assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> this.pair.left.send("echo", "x"));
		assertOutcome(ChannelClosedException.class);
	}

	@Test
	void everyAttemptIsToldUntilTheOutcomeIsKnown() {
		List<OutgoingExchange> seen = new ArrayList<>();
		this.client.add(new Recording("a"));
		this.client.add(new IpcClientInterceptor() {

			@Override
			public void onAttempt(OutgoingExchange exchange) {
				seen.add(exchange);
				InterceptorTests.this.log.add("attempt at " + exchange.peer());
				throw new IllegalStateException("which is only logged");
			}

		});
		String attempt = "attempt at " + this.pair.left.peer.id();
		assertThat(this.pair.left.call("echo", "x", String.class)).isEqualTo("x");
		assertThat(this.log).containsExactly("a before", attempt, "a after");
		this.log.clear();
		this.pair.left.send("echo", "x").join();
		assertThat(this.log).containsExactly("a before", attempt, "a after");
		this.log.clear();
		CompletableFuture<String> call = this.pair.left.callAsync("never", null, String.class);
		seen.get(2).attempted();
		assertThat(this.log).containsExactly("a before", attempt, attempt);
		call.cancel(true);
		seen.get(2).attempted();
		assertThat(this.log).containsExactly("a before", attempt, attempt, "a after");
	}

	@Test
	void theSenderGetsWhatAnInterceptorThrowsAndNothingIsSent() {
		List<Object> arrived = new CopyOnWriteArrayList<>();
		this.pair.right.listeners.add("note", (message) -> arrived.add(message.getPayload()));
		this.client.add(new Recording("a"));
		this.client.add(before((exchange) -> {
			throw new IllegalArgumentException("not now");
		}));
		this.client.add(new Recording("c"));
		assertThatIllegalArgumentException().isThrownBy(() -> this.pair.left.call("note", "x", Void.class))
			.withMessage("not now");
		assertOutcome(IllegalArgumentException.class);
		assertThatIllegalArgumentException().isThrownBy(() -> this.pair.left.send("note", "x")).withMessage("not now");
		assertOutcome(IllegalArgumentException.class);
		assertThat(this.log).containsExactly("a before", "a after", "a before", "a after");
		this.client.clear();
		this.pair.left.call("echo", "x", String.class);
		assertThat(arrived).isEmpty();
	}

	@Test
	void whatAnInterceptorThrowsAfterwardsKeepsNobodyFromTheOutcome() {
		this.client.add(new Recording("a"));
		this.client.add(new IpcClientInterceptor() {

			@Override
			public void afterCompletion(OutgoingExchange exchange, @Nullable Throwable failure) {
				throw new AssertionError("after " + exchange.destination());
			}

		});
		assertThat(this.pair.left.call("echo", "x", String.class)).isEqualTo("x");
		assertThat(this.pair.left.callAsync("echo", "x", String.class)).succeedsWithin(patience());
		assertThat(this.pair.left.send("echo", "x")).succeedsWithin(patience());
		assertThat(this.log).filteredOn("a after"::equals).hasSize(3);
	}

	@Test
	void aListenerMayBeReplacedOrRefused() {
		this.listener.add((message, invocation) -> switch (String.valueOf(message.payload(Object.class))) {
			case "replace" -> "another reply";
			case "refuse" -> throw new SecurityException("not for you");
			default -> ((CompletableFuture<?>) CompletableFuture.completedFuture(invocation.proceed()))
				.thenApply((reply) -> reply + "!");
		});
		assertThat(this.pair.left.call("echo", "replace", String.class)).isEqualTo("another reply");
		assertThat(this.pair.left.call("echo", "hello", String.class)).isEqualTo("hello!");
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> this.pair.left.call("echo", "refuse", String.class))
			.satisfies((ex) -> assertThat(ex.getRemoteType()).isEqualTo(SecurityException.class.getName()));
	}

	@Test
	void messagesOfTheLibraryItselfAreNotIntercepted() {
		this.client.add(new Recording("a"));
		this.listener.add(recording("b"));
		this.pair.right.listeners.add("ipc.own", (message) -> "answer");
		assertThat(this.pair.left.call("ipc.own", null, String.class)).isEqualTo("answer");
		assertThat(this.log).isEmpty();
	}

	private static Duration patience() {
		return Duration.ofSeconds(40);
	}

	private void assertOutcome(@Nullable Class<? extends Throwable> type) {
		Awaitility.await().atMost(40, TimeUnit.SECONDS).until(() -> !this.outcomes.isEmpty());
		assertThat(this.outcomes).hasSize(1);
		Throwable outcome = this.outcomes.remove(0);
		if (type == null) {
			assertThat(outcome).isNull();
		}
		else {
			assertThat(outcome).isInstanceOf(type);
		}
	}

	private static IpcClientInterceptor before(Consumer<OutgoingExchange> action) {
		return new IpcClientInterceptor() {

			@Override
			public void beforeSend(OutgoingExchange exchange) {
				action.accept(exchange);
			}

		};
	}

	private IpcListenerInterceptor recording(String name) {
		return (message, invocation) -> {
			this.log.add(name + " before");
			try {
				return invocation.proceed();
			}
			finally {
				this.log.add(name + " after");
			}
		};
	}

	private final class Recording implements IpcClientInterceptor {

		private final String name;

		Recording(String name) {
			this.name = name;
		}

		@Override
		public void beforeSend(OutgoingExchange exchange) {
			InterceptorTests.this.log.add(this.name + " before");
		}

		@Override
		public void afterCompletion(OutgoingExchange exchange, @Nullable Throwable failure) {
			InterceptorTests.this.log.add(this.name + " after");
			InterceptorTests.this.outcomes.add(failure);
		}

	}

}
