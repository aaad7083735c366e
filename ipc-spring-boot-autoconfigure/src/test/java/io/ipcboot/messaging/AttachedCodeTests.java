package io.ipcboot.messaging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code that is attached to futures, and listeners, may block: nothing else stops.
 */
class AttachedCodeTests extends AbstractPeerTests {

	private final Gate gate = new Gate();

	@Test
	void codeAttachedToACallMayBlock() throws Exception {
		Gate attached = new Gate();
		this.pair.right.listeners.add("echo", (message) -> {
			attached.await();
			return message.payload(String.class);
		});
		for (int i = 0; i < 10; i++) {
			this.pair.left.callAsync("echo", "x", String.class).thenAccept((reply) -> this.gate.awaitUninterruptibly());
		}
		attached.open();
		this.gate.awaitReached();
		assertThat(this.pair.left.call("echo", "y", String.class)).isEqualTo("y");
		assertThat(this.pair.left.callAsync("echo", "z", String.class).join()).isEqualTo("z");
		this.gate.open();
	}

	@Test
	void codeAttachedToACallMayCall() {
		this.pair.right.listeners.add("inc", (message) -> 1 + (int) message.payload(int.class));
		List<CompletableFuture<Object>> nested = new ArrayList<>();
		for (int i = 0; i < 200; i++) {
			nested.add(this.pair.left.<Integer>callAsync("inc", i, int.class)
				.thenApply((reply) -> this.pair.left.call("inc", reply, int.class)));
		}
		for (int i = 0; i < 200; i++) {
			assertThat(nested.get(i).join()).isEqualTo(i + 2);
		}
	}

	@Test
	void codeAttachedToAMessageMayBlock() throws Exception {
		Gate attached = new Gate();
		this.pair.right.listeners.add("hold", (message) -> {
			attached.await();
			return null;
		});
		this.pair.right.listeners.add("event", (message) -> null);
		this.pair.left.send("hold", null);
		// what is attached too late runs on the thread that attaches it
		this.pair.left.send("event", null).thenRun(this.gate::awaitUninterruptibly);
		attached.open();
		this.gate.awaitReached();
		this.pair.left.send("event", null).join();
		this.gate.open();
	}

	@Test
	void aMessageThatArrivedWithAReplyWhoseCodeBlocksIsHandled() throws Exception {
		Gate attached = new Gate();
		CompletableFuture<Object> told = new CompletableFuture<>();
		this.pair.left.listeners.add("tell", (message) -> told.complete(message.payload(String.class)));
		this.pair.right.listeners.add("ask", (message) -> {
			attached.await();
			// queued before the reply, and most likely read together with it
			this.pair.right.send("tell", "now");
			return "reply";
		});
		this.pair.left.callAsync("ask", null, String.class).thenAccept((reply) -> {
			this.gate.awaitUninterruptibly();
		});
		attached.open();
		assertThat(told.join()).isEqualTo("now");
		this.gate.open();
	}

	@Test
	void codeThatThrowsHarmsNobody() {
		this.pair.right.listeners.add("echo", (message) -> message.payload(String.class));
		for (int i = 0; i < 10; i++) {
			this.pair.left.callAsync("echo", "x", String.class).whenComplete((reply, ex) -> {
				throw new StackOverflowError("on purpose");
			});
		}
		assertThat(this.pair.left.call("echo", "y", String.class)).isEqualTo("y");
	}

	@Test
	void aReplyThatCannotBeConvertedFailsItsCall() {
		this.pair.right.listeners.add("text", (message) -> "no number");
		assertThat(this.pair.left.callAsync("text", null, ThrowsWhenRead.class)).failsWithin(Duration.ofSeconds(10));
		assertThat(this.pair.left.callAsync("text", null, int.class)).failsWithin(Duration.ofSeconds(10));
	}

	@Test
	void codeAttachedToALostCallMayBlockAndDoesNotKeepTheOthersFromTheirOutcome() throws Exception {
		this.pair.right.listeners.add("block", (message) -> {
			this.gate.await();
			return null;
		});
		AtomicInteger failed = new AtomicInteger();
		List<CompletableFuture<Object>> others = new ArrayList<>();
		for (int i = 0; i < 5; i++) {
			this.pair.left.callAsync("block", null, Object.class).whenComplete((reply, ex) -> {
				failed.incrementAndGet();
				this.gate.awaitUninterruptibly();
			});
			others.add(this.pair.left.callAsync("block", null, Object.class));
		}
		this.pair.right.peer.close();
		for (CompletableFuture<Object> other : others) {
			assertThat(other).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withCauseInstanceOf(ChannelClosedException.class);
		}
		assertThat(failed).hasValue(5);
		this.gate.open();
	}

	@Test
	void aRouteThatThrowsAnErrorKeepsNoOtherMessageFromItsOutcome() throws Exception {
		this.pair.right.listeners.add("block", (message) -> {
			this.gate.awaitUninterruptibly();
			return null;
		});
		ExchangeSender sender = new ExchangeSender(this.pair.converter(), 1024, Duration.ofSeconds(30), new Route() {

			@Override
			public void transmit(Exchange exchange) {
				AttachedCodeTests.this.pair.left.peer.transmit(exchange);
			}

			@Override
			public boolean lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
				throw new StackOverflowError("on purpose");
			}

		});
		List<CompletableFuture<?>> all = new ArrayList<>();
		all.add(sender.callAsync(TestMessages.of("block", null), Object.class));
		this.gate.awaitReached();
		for (int i = 0; i < 10; i++) {
			all.add(sender.callAsync(TestMessages.of("block", null), Object.class));
			all.add(sender.send(TestMessages.of("block", null)));
		}
		this.pair.right.peer.close();
		for (CompletableFuture<?> each : all) {
			assertThat(each).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withCauseInstanceOf(ChannelClosedException.class);
		}
		this.gate.open();
	}

	@Test
	void codeAttachedToLostCallsHasRunWhenTheyAreSettled() {
		this.pair.right.listeners.add("block", (message) -> {
			this.gate.await();
			return null;
		});
		AtomicInteger failed = new AtomicInteger();
		for (int i = 0; i < 1000; i++) {
			this.pair.left.callAsync("block", null, Object.class).whenComplete((reply, ex) -> failed.incrementAndGet());
		}
		this.pair.left.peer.close();
		this.pair.left.closed.join();
		assertThat(failed).hasValue(1000);
	}

	@Test
	void aListenerThatNeverReturnsStopsNeitherRepliesNorTheEnd() throws Exception {
		this.pair.left.listeners.add("forever", (message) -> {
			this.gate.awaitUninterruptibly();
			return null;
		});
		this.pair.right.listeners.add("echo", (message) -> message.payload(String.class));
		this.pair.right.send("forever", null).join();
		this.gate.awaitReached();
		assertThat(this.pair.left.call("echo", "x", String.class)).isEqualTo("x");
		assertThat(this.pair.left.callAsync("echo", "y", String.class).join()).isEqualTo("y");
		this.pair.right.peer.close();
		assertThat(this.pair.left.closed.join()).isNotNull();
		this.gate.open();
	}

	/** What its static initializer throws is an Error. */
	static class ThrowsWhenRead {

		public int value = fail();

		private static int fail() {
			throw new NoClassDefFoundError("on purpose");
		}

	}

	@Test
	void codeThatBlocksAfterTimeoutsTakesAFewThreads() {
		Thread attaching = Thread.currentThread();
		this.pair.right.listeners.add("silent", (message) -> new CompletableFuture<>());
		List<CompletableFuture<Object>> calls = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			calls.add(
					this.pair.left.sender
						.callAsync(TestMessages.of("silent", i, null, Map.of(), null, false, Duration.ofMillis(100)),
								Object.class)
						.whenComplete((reply, ex) -> hold(attaching)));
		}
		requireFewThreads(calls);
	}

	@Test
	void codeThatBlocksAfterRepliesTakesAFewThreads() {
		Thread attaching = Thread.currentThread();
		this.pair.right.listeners.add("echo", (message) -> message.payload(int.class));
		List<CompletableFuture<Object>> calls = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			calls.add(this.pair.left.callAsync("echo", i, Object.class).whenComplete((reply, ex) -> hold(attaching)));
		}
		requireFewThreads(calls);
	}

	/** What is attached too late runs on the thread that attaches it. */
	private void hold(Thread attaching) {
		if (Thread.currentThread() != attaching) {
			this.gate.awaitUninterruptibly();
		}
	}

	/** Long enough for thousands, if nothing stopped them. */
	private void requireFewThreads(List<CompletableFuture<Object>> held) {
		Awaitility.await()
			.during(Duration.ofSeconds(2))
			.atMost(Duration.ofSeconds(30))
			.until(() -> this.gate.isReached() && threads() < 300);
		this.gate.open();
		held.forEach(
				(call) -> assertThat(call.handle((reply, ex) -> "an outcome")).succeedsWithin(Duration.ofSeconds(30)));
	}

	private static long threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("ipc-"))
			.count();
	}

}
