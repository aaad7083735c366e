package io.ipcboot.messaging;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.RawEnd;
import io.ipcboot.channel.WireFrame;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CancellationTests extends AbstractPeerTests {

	@Test
	void aRunningListenerIsInterrupted() throws Exception {
		Gate gate = new Gate();
		CompletableFuture<Throwable> ended = new CompletableFuture<>();
		this.pair.right.listeners.add("slow", (message) -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				ended.complete(ex);
			}
			return null;
		});
		CompletableFuture<Object> call = this.pair.left.callAsync("slow", null, Object.class);
		gate.awaitReached();
		call.cancel(true);
		assertThat(ended.join()).isInstanceOf(InterruptedException.class);
		assertThat(call).isCancelled();
	}

	@ParameterizedTest
	@MethodSource("completions")
	void aFutureThatItsHolderCompletesReleasesTheListener(Consumer<CompletableFuture<String>> completion)
			throws Exception {
		Gate gate = new Gate();
		CompletableFuture<Throwable> ended = new CompletableFuture<>();
		this.pair.right.listeners.add("slow", (message) -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				ended.complete(ex);
			}
			return null;
		});
		CompletableFuture<String> call = this.pair.left.callAsync("slow", null, String.class);
		gate.awaitReached();
		completion.accept(call);
		assertThat(ended.join()).isInstanceOf(InterruptedException.class);
		assertThat(call.handle((value, ex) -> (ex != null) ? ex.getMessage() : value).join()).isEqualTo("own");
	}

	static Stream<Named<Consumer<CompletableFuture<String>>>> completions() {
		return Stream.of(Named.of("complete", (call) -> call.complete("own")),
				Named.of("completeExceptionally", (call) -> call.completeExceptionally(new IOException("own"))),
				Named.of("completeOnTimeout", (call) -> call.completeOnTimeout("own", 1, TimeUnit.MILLISECONDS)),
				Named.of("completeAsync", (call) -> call.completeAsync(() -> "own")),
				Named.of("obtrudeValue", (call) -> call.obtrudeValue("own")),
				Named.of("obtrudeException", (call) -> call.obtrudeException(new IOException("own"))));
	}

	@Test
	void aFutureThatTimesOutByItselfReleasesTheListener() throws Exception {
		Gate gate = new Gate();
		CompletableFuture<Throwable> ended = new CompletableFuture<>();
		this.pair.right.listeners.add("slow", (message) -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				ended.complete(ex);
			}
			return null;
		});
		CompletableFuture<Object> call = this.pair.left.callAsync("slow", null, Object.class);
		gate.awaitReached();
		call.orTimeout(1, TimeUnit.MILLISECONDS);
		assertThat(ended.join()).isInstanceOf(InterruptedException.class);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(call::join)
			.withCauseInstanceOf(TimeoutException.class);
	}

	@Test
	void aSupplierThatFailsCompletesTheFutureWithItsFailure() throws Exception {
		Gate gate = new Gate();
		this.pair.right.listeners.add("slow", (message) -> {
			gate.await();
			return null;
		});
		CompletableFuture<String> call = this.pair.left.callAsync("slow", null, String.class);
		gate.awaitReached();
		call.completeAsync(() -> {
			throw new IllegalStateException("own");
		});
		assertThatExceptionOfType(CompletionException.class).isThrownBy(call::join)
			.withCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void whatIsOverIsNotHeldUntilItsDeadline() {
		for (Consumer<ScriptedExchange> end : List.<Consumer<ScriptedExchange>>of(ScriptedExchange::cancel,
				CancellationTests::awaitInterrupted)) {
			WeakReference<Exchange> over = answeredAfter(end);
			Awaitility.await().until(() -> {
				System.gc();
				return over.get() == null;
			});
		}
	}

	private static WeakReference<Exchange> answeredAfter(Consumer<ScriptedExchange> end) {
		ScriptedExchange call = ScriptedExchange.callWithin(Duration.ofHours(1), (exchange) -> {
		});
		call.begin(PeerId.process(1));
		call.written();
		end.accept(call);
		assertThat(call.isCancelled()).isTrue();
		call.answered();
		return new WeakReference<>(call.exchange());
	}

	private static void awaitInterrupted(ScriptedExchange call) {
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(CallInterruptedException.class).isThrownBy(() -> call.exchange().await());
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void theRouteLearnsThatACancelledCallIsStillThereAtItsDeadline() {
		CompletableFuture<Exchange> overdue = new CompletableFuture<>();
		ScriptedExchange call = ScriptedExchange.callWithin(Duration.ofMillis(50), new Route() {

			@Override
			public void transmit(Exchange exchange) {
			}

			@Override
			public void overdue(Exchange exchange) {
				overdue.complete(exchange);
			}

		});
		call.begin(PeerId.process(1));
		call.written();
		call.cancel();
		assertThat(overdue.join()).isSameAs(call.exchange());
	}

	@Test
	void aListenerThatRunsElsewhereIsInterrupted() throws Exception {
		Gate gate = new Gate();
		CompletableFuture<Throwable> ended = new CompletableFuture<>();
		this.pair.right.listeners.add("slow", concurrent((message) -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				ended.complete(ex);
			}
			return null;
		}));
		CompletableFuture<Object> call = this.pair.left.callAsync("slow", null, Object.class);
		gate.awaitReached();
		call.cancel(true);
		assertThat(ended.join()).isInstanceOf(InterruptedException.class);
	}

	@Test
	void aCallThatIsCancelledBeforeItStartsNeverStarts() throws Exception {
		Gate gate = new Gate();
		AtomicInteger started = new AtomicInteger();
		this.pair.right.listeners.add("block", (message) -> {
			gate.awaitUninterruptibly();
			return null;
		});
		this.pair.right.listeners.add("count", (message) -> started.incrementAndGet());
		this.pair.right.listeners.add("ping", concurrent((message) -> "pong"));
		this.pair.left.send("block", null);
		gate.awaitReached();
		CompletableFuture<Object> call = this.pair.left.callAsync("count", null, Object.class);
		call.cancel(true);
		CompletableFuture<Object> after = this.pair.left.callAsync("ping", null, String.class);
		// everything up to here has crossed the wire
		awaitLateReplies(0);
		gate.open();
		assertThat(after.join()).isEqualTo("pong");
		assertThat(this.pair.left.call("count", null, int.class)).isEqualTo(1);
		awaitLateReplies(1);
	}

	@Test
	void aCallThatIsCancelledBeforeItIsWrittenIsNotWritten() throws Exception {
		try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
			peer.send("large", new byte[4 * 1024 * 1024], Duration.ZERO);
			CompletableFuture<Object> cancelled = peer.callAsync("cancelled", new byte[100], Duration.ZERO);
			CompletableFuture<Object> call = peer.callAsync("call", null, Duration.ZERO);
			cancelled.cancel(true);
			raw.next(FrameType.MESSAGE);
			raw.write(WireFrame.of(FrameType.STARTED).id(1).bytes());
			assertThat(raw.next(FrameType.CALL).destination()).isEqualTo("call");
			raw.write(WireFrame.of(FrameType.REPLY).content(0).id(3).bytes());
			assertThat(call.join()).isNull();
		}
	}

	@Test
	void toCancelWhatIsDoneOrUnknownDoesNothing() throws Exception {
		this.pair.right.listeners.add("echo", (message) -> message.payload(String.class));
		CompletableFuture<String> call = this.pair.left.callAsync("echo", "x", String.class);
		call.join();
		call.cancel(true);
		assertThat(call).isCompletedWithValue("x");
		try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
			raw.write(WireFrame.of(FrameType.CANCEL).id(12345).bytes(), WireFrame.name(1, "nobody").bytes(),
					WireFrame.of(FrameType.CALL).id(1).destination(1).bytes());
			raw.next(FrameType.FAILURE);
			raw.write(WireFrame.of(FrameType.CANCEL).id(1).bytes(),
					WireFrame.of(FrameType.CALL).id(2).destination(1).bytes());
			assertThat(raw.next(FrameType.FAILURE).id()).isEqualTo(2);
			assertThat(peer.peer.isConnected()).isTrue();
		}
	}

	@Test
	void aMessageThatWaitsIsGivenBack() throws Exception {
		try (RawEnd raw = new RawEnd(); PeerAtRawEnd peer = new PeerAtRawEnd(raw)) {
			Gate gate = new Gate();
			List<String> taken = new CopyOnWriteArrayList<>();
			peer.listeners.add("block", (message) -> {
				gate.awaitUninterruptibly();
				return taken.add("block");
			});
			peer.listeners.add("take", (message) -> taken.add((String) message.payload(String.class)));
			raw.write(WireFrame.name(1, "take").bytes(), WireFrame.name(2, "block").bytes(),
					WireFrame.of(FrameType.MESSAGE).id(1).destination(2).bytes());
			gate.awaitReached();
			raw.write(WireFrame.message(2, "recalled").bytes(), WireFrame.message(3, "kept").bytes(),
					WireFrame.of(FrameType.CANCEL).id(2).bytes(), WireFrame.of(FrameType.CANCEL).id(2).bytes(),
					WireFrame.of(FrameType.CANCEL).id(1).bytes(),
					WireFrame.of(FrameType.CALL).id(4).destination(1).text("last").bytes());
			assertThat(raw.next(FrameType.NOT_STARTED).id()).isEqualTo(2);
			gate.open();
			assertThat(raw.next(FrameType.REPLY).id()).isEqualTo(4);
			assertThat(taken).containsExactly("block", "kept", "last");
		}
	}

	@Test
	void anInterruptNeverHitsTheNextListener() {
		AtomicInteger stray = new AtomicInteger();
		this.pair.right.listeners.add("cancelled", (message) -> {
			LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(100_000));
			return null;
		});
		this.pair.right.listeners.add("checked", (message) -> {
			for (int i = 0; i < 20; i++) {
				LockSupport.parkNanos(1000);
				if (Thread.interrupted()) {
					stray.incrementAndGet();
				}
			}
			return null;
		});
		List<CompletableFuture<Object>> checked = new ArrayList<>();
		for (int i = 0; i < 2000; i++) {
			CompletableFuture<Object> call = this.pair.left.callAsync("cancelled", null, Void.class);
			checked.add(this.pair.left.callAsync("checked", null, Void.class));
			LockSupport.parkNanos(ThreadLocalRandom.current().nextInt(200_000));
			call.cancel(true);
		}
		checked.forEach(CompletableFuture::join);
		assertThat(stray).hasValue(0);
	}

	@Test
	void anInterruptThatAListenerLeavesBehindDoesNotHitTheNext() {
		this.pair.right.listeners.add("interrupted", (message) -> Thread.currentThread().isInterrupted());
		this.pair.right.listeners.add("interrupt", (message) -> {
			Thread.currentThread().interrupt();
			return null;
		});
		for (int i = 0; i < 100; i++) {
			this.pair.left.send("interrupt", null);
			assertThat(this.pair.left.call("interrupted", null, boolean.class)).isEqualTo(false);
		}
	}

	@Test
	void theFutureThatAListenerHasReturnedIsCancelled() throws Exception {
		CompletableFuture<String> reply = new CompletableFuture<>();
		Gate gate = new Gate();
		this.pair.right.listeners.add("later", (message) -> {
			gate.open();
			return reply;
		});
		CompletableFuture<String> call = this.pair.left.callAsync("later", null, String.class);
		gate.await();
		call.cancel(true);
		Awaitility.await().until(reply::isCancelled);
		awaitLateReplies(1);
	}

	@Test
	void codeThatHangsOnTheCancelledFutureDoesNotStopReading() throws Exception {
		CompletableFuture<String> reply = new CompletableFuture<>();
		Gate gate = new Gate();
		reply.whenComplete((value, ex) -> gate.awaitUninterruptibly());
		this.pair.right.listeners.add("later", (message) -> reply);
		this.pair.right.listeners.add("echo", (message) -> message.payload(String.class));
		CompletableFuture<String> call = this.pair.left.callAsync("later", null, String.class);
		assertThat(this.pair.left.call("echo", "x", String.class)).isEqualTo("x");
		call.cancel(true);
		gate.awaitReached();
		assertThat(this.pair.left.call("echo", "y", String.class)).isEqualTo("y");
		gate.open();
	}

	@Test
	void theEndOfTheChannelCancelsWhatTheOtherSideHasCalled() throws Exception {
		Gate gate = new Gate();
		CompletableFuture<Throwable> ended = new CompletableFuture<>();
		this.pair.right.listeners.add("slow", (message) -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				ended.complete(ex);
			}
			return null;
		});
		CompletableFuture<Object> call = this.pair.left.callAsync("slow", null, Object.class);
		gate.awaitReached();
		this.pair.left.peer.close();
		assertThat(ended.join()).isInstanceOf(InterruptedException.class);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(call::join)
			.withMessageContaining("gone, and may have started it");
	}

	@Test
	void aThreadThatIsInterruptedWhileItWaitsKeepsItsStatus() throws Exception {
		Gate gate = new Gate();
		CompletableFuture<Throwable> ended = new CompletableFuture<>();
		this.pair.right.listeners.add("slow", (message) -> {
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				ended.complete(ex);
			}
			return null;
		});
		CompletableFuture<Boolean> status = new CompletableFuture<>();
		Thread caller = new Thread(() -> {
			assertThatExceptionOfType(CallInterruptedException.class)
				.isThrownBy(() -> this.pair.left.call("slow", null, Object.class));
			status.complete(Thread.currentThread().isInterrupted());
		});
		caller.start();
		gate.awaitReached();
		caller.interrupt();
		assertThat(status.join()).isTrue();
		assertThat(ended.join()).as("the listener is told").isInstanceOf(InterruptedException.class);
	}

	@Test
	void aThreadThatIsInterruptedBeforeItCallsDoesNotBreakTheChannel() {
		this.pair.right.listeners.add("size", (message) -> ((byte[]) message.payload(byte[].class)).length);
		for (int size : new int[] { 1, 10_000, 100_000, 1_000_000 }) {
			Thread.currentThread().interrupt();
			CompletableFuture<Object> call = this.pair.left.callAsync("size", new byte[size], int.class);
			assertThat(Thread.interrupted()).isTrue();
			assertThat(call.join()).isEqualTo(size);
		}
	}

	private void awaitLateReplies(long number) {
		Awaitility.await().until(() -> this.pair.left.peer.statistics().lateReplies() == number);
	}

	static Listener concurrent(Listener listener) {
		return new Listener() {

			@Override
			public Object onMessage(IpcMessage message) throws Exception {
				return listener.onMessage(message);
			}

			@Override
			public int concurrency() {
				return 4;
			}

		};
	}

}
