package io.ipcboot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.messaging.NoListenerException;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.messaging.Reply;
import org.awaitility.Awaitility;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a process and its child can say to each other.
 */
@ProcessTest
class ChildMessagingTests {

	private static final ParameterizedTypeReference<List<String>> STRINGS = new ParameterizedTypeReference<>() {
	};

	private final List<Object> received = new CopyOnWriteArrayList<>();

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aCallHasAReply() {
		ChildProcess child = fork();
		assertThat(child.call("echo", new byte[] { 1, 2, 3 }, byte[].class)).containsExactly(1, 2, 3);
		assertThat(child.call("sum", List.of(1, 2, 3), Integer.class)).isEqualTo(6);
		assertThat(child.call("arguments", null, STRINGS)).isEmpty();
		assertThat(child.callAsync("sum", List.of(4, 5), Integer.class)).succeedsWithin(Duration.ofSeconds(10))
			.isEqualTo(9);
		Reply<Integer> reply = child.destination("sum").message(List.of()).callForReply(Integer.class);
		assertThat(reply).isEqualTo(new Reply<>(0, PeerId.process(child.pid())));
	}

	@Test
	void oneCallConfirmsAllEventsBefore() {
		ChildProcess child = fork();
		for (int i = 0; i < 1000; i++) {
			child.emit("event", i, "é");
		}
		long self = ProcessHandle.current().pid();
		assertThat(child.call("events", null, STRINGS))
			.containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj((i) -> i + " é " + self).toList());
	}

	@Test
	void theChildCallsTheParent() {
		ChildProcess child = fork();
		child.answer("question", String.class, (question) -> question + " to the parent");
		assertThat(child.call("ask-parent", "question", String.class)).isEqualTo("from the child to the parent");
		this.processes.listeners.add("general",
				new CallbackListener<>("general", String.class, (question) -> "for everybody"));
		assertThat(child.call("ask-parent", "general", String.class)).isEqualTo("for everybody");
	}

	@Test
	void theChildSendsToTheParent() {
		ChildProcess child = fork();
		child.onMessage(String.class, this.received::add);
		child.listen("elsewhere", String.class, (text) -> this.received.add("elsewhere " + text));
		child.call("tell-parent", "message", Void.class);
		child.call("tell-parent", "elsewhere", Void.class);
		assertThat(this.received).containsExactly("from the child", "elsewhere from the child");
	}

	@Test
	void anObjectListensToTheChild() {
		ChildProcess child = fork();
		child.listen(new ParentHandlers());
		child.send("emit-to-parent", "numbers");
		Awaitility.await().untilAsserted(() -> assertThat(this.received).containsExactly(List.of(1, "two"), child));
		assertThat(child.call("ask-parent", "reverse", String.class)).isEqualTo("dlihc eht morf");
	}

	@Test
	void bothSidesSayWhetherTheyCanSendAndWhatTheyCounted() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class));
		assertThat(child.isWritable()).isTrue();
		assertThat(child.call("parent-is-writable", null, Boolean.class)).isTrue();
		assertThat(ParentProcess.none().isWritable()).isFalse();
		child.send("nobody", "x").join();
		assertThat(child.call("unhandled", null, Integer.class)).isEqualTo(1);
		child.call("tell-parent", "nobody-here", String.class);
		assertThat(child.statistics().unhandledMessages()).isEqualTo(1);
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(
				() -> child.destination("sleep").message(60_000L).deadline(Duration.ofMillis(100)).call(String.class));
		Awaitility.await().until(() -> child.statistics().lateReplies() == 1);
		child.close();
		assertThat(child.isWritable()).isFalse();
	}

	@Test
	void aFailureArrivesAsData() {
		ChildProcess child = fork();
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> child.call("fail", "no luck", String.class))
			.satisfies((ex) -> {
				assertThat(ex.getRemoteType()).isEqualTo(IllegalStateException.class.getName());
				assertThat(ex.getRemoteMessage()).isEqualTo("no luck");
				assertThat(ex.getRemoteStackTrace()).contains("TestChild");
			})
			.withMessageStartingWith("process (pid " + child.pid() + "): ");
		assertThatExceptionOfType(NoListenerException.class).isThrownBy(() -> child.call("nowhere", "x", String.class))
			.withMessageContaining("nowhere");
		// and the other way round, which the child reports as its own failure
		assertThatExceptionOfType(RemoteHandlerException.class)
			.isThrownBy(() -> child.call("ask-parent", "nowhere", String.class))
			.satisfies((ex) -> assertThat(ex.getRemoteType()).isEqualTo(NoListenerException.class.getName()));
	}

	@Test
	void aDeadlineEndsTheCallOnBothSides() {
		ChildProcess child = fork();
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(
				() -> child.destination("sleep").message(50_000L).deadline(Duration.ofMillis(200)).call(String.class))
			.withMessageContaining("process (pid " + child.pid() + "): no reply from 'sleep' within 200 ms");
		// the listener was interrupted, or this call would wait for it
		assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
	}

	@Test
	void aCallCanBeCancelled() {
		ChildProcess child = fork();
		CompletableFuture<String> call = child.callAsync("sleep", 50_000L, String.class);
		assertThat(call.cancel(true)).isTrue();
		assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
	}

	@Test
	void messagesThatAreSentBeforeTheChildIsReadyWaitForIt() {
		ChildProcess child = this.processes.start(StandaloneTemplate.child(TestChild.class).arguments("--slow-start"));
		assertThat(child.isConnected()).isTrue();
		assertThat(child.isAlive()).isTrue();
		assertThat(child.isWritable()).isTrue();
		CompletableFuture<Void> last = null;
		for (int i = 0; i < 100; i++) {
			last = child.emit("event", i, "early");
		}
		CompletableFuture<List<String>> events = child.callAsync("events", null, STRINGS);
		assertThat(last).isNotDone();
		assertThat(child.onReady()).isNotDone();
		assertThat(events).succeedsWithin(Duration.ofSeconds(20));
		assertThat(events.join()).hasSize(100).first().asString().startsWith("0 early");
		assertThat(events.join()).last().asString().startsWith("99 early");
		assertThat(last).isCompleted();
		assertThat(child.onReady()).isCompletedWithValue(child);
	}

	@Test
	void codeThatIsAttachedToTheStartMayCallTheChildAndWait() {
		ChildProcess child = this.processes.start(StandaloneTemplate.child(TestChild.class));
		assertThat(child.onReady().thenApply((ready) -> ready.call("sum", List.of(1, 2), Integer.class)))
			.succeedsWithin(Duration.ofSeconds(20))
			.isEqualTo(3);
		ChildProcess broken = this.processes
			.start(StandaloneTemplate.child(TestChild.class).jvmArguments("-XX:NoSuchOption"));
		assertThat(broken.onReady().handle((ready, ex) -> {
			broken.close();
			return "closed";
		})).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("closed");
	}

	@Test
	void disconnectLetsARunningCallFinish() {
		ChildProcess child = fork();
		CompletableFuture<String> call = child.callAsync("sleep", 400L, String.class);
		awaitBusy(child);
		child.disconnect();
		assertThat(child.isConnected()).isFalse();
		assertThat(child.isWritable()).isFalse();
		assertThat(call).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("slept");
		assertThat(child.onExit().join().code()).isZero();
	}

	@Test
	void aLargeReplyIsOnItsWayBeforeTheChildLeaves() {
		ChildProcess child = fork();
		CompletableFuture<byte[]> call = child.callAsync("large", 15_000_000, byte[].class);
		awaitBusy(child);
		child.disconnect();
		assertThat(call).succeedsWithin(Duration.ofSeconds(10))
			.satisfies((reply) -> assertThat(reply.length).isEqualTo(15_000_000));
		assertThat(child.onExit().join().code()).isZero();
	}

	@Test
	void theLastMessagesOfAChildThatExitsArrive() {
		for (int round = 0; round < 3; round++) {
			this.received.clear();
			ChildProcess child = fork();
			child.listen("flood", Integer.class, this.received::add);
			child.send("flood-parent-and-exit", 2000);
			assertThat(child.onExit().join().code()).isEqualTo(6);
			Awaitility.await().untilAsserted(() -> assertThat(this.received).hasSize(2000));
			assertThat(this.received).isEqualTo(IntStream.range(0, 2000).boxed().toList());
		}
	}

	@Test
	void theLastMessagesArriveAlsoWhileTheParentWrites() {
		for (int round = 0; round < 3; round++) {
			this.received.clear();
			ChildProcess child = fork();
			child.listen("flood", Integer.class, this.received::add);
			child.send("flood-parent-and-exit", 2000);
			CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
				while (true) {
					child.send("print", "");
				}
			});
			assertThat(writer).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.withCauseInstanceOf(ChannelClosedException.class);
			assertThat(child.onExit().join().code()).isEqualTo(6);
			Awaitility.await().untilAsserted(() -> assertThat(this.received).hasSize(2000));
		}
	}

	@Test
	void afterItsEndAChildSaysWhyItCannotBeReached() {
		ChildProcess child = fork();
		child.close();
		child.close();
		assertThat(child.disconnect()).isCompleted();
		assertThat(child.isConnected()).isFalse();
		assertThat(child.isAlive()).isFalse();
		assertThat(child.isWritable()).isFalse();
		assertThat(child.onExit().join().code()).isZero();
		String reason = "process (pid %d): the process exited with code 0".formatted(child.pid());
		assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> child.send("x")).withMessage(reason);
		assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> child.call("pid", null, Long.class))
			.withMessage(reason);
		assertThatExceptionOfType(ChannelClosedException.class)
			.isThrownBy(() -> child.callAsync("pid", null, Long.class))
			.withMessage(reason);
	}

	@Test
	void aChildThatIsLeavingTakesNothingNew() {
		ChildProcess child = fork();
		CompletableFuture<String> call = child.callAsync("sleep", 300L, String.class);
		awaitBusy(child);
		child.disconnect();
		child.disconnect();
		assertThatExceptionOfType(ChannelClosedException.class).isThrownBy(() -> child.send("x"))
			.withMessage("process (pid %d): the process is leaving".formatted(child.pid()));
		assertThat(child.onExit()).succeedsWithin(Duration.ofSeconds(10));
		assertThat(call).isDone();
	}

	@Test
	void closingAChildFromItsOwnListenerIsPossible() {
		ChildProcess child = fork();
		CompletableFuture<Integer> code = new CompletableFuture<>();
		child.listen("close-me", String.class, (text) -> {
			child.close();
			code.complete(child.onExit().join().code());
		});
		child.send("emit-to-parent", "close-me");
		assertThat(code).succeedsWithin(Duration.ofSeconds(15)).isEqualTo(0);
	}

	@Test
	void aChildKeepsRunningAfterItsMainMethodHasReturned() throws InterruptedException {
		ChildProcess child = fork();
		TimeUnit.MILLISECONDS.sleep(300);
		assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
	}

	@Test
	void eventsTellOfTheLifeOfAChild() {
		ChildProcess child = fork();
		child.close();
		assertThat(this.processes.events).hasExactlyElementsOfTypes(WorkerStartingEvent.class, WorkerReadyEvent.class,
				WorkerDrainingEvent.class, WorkerExitedEvent.class);
		assertThat(this.processes.events).extracting(WorkerEvent::getProcess).containsOnly(child);
		WorkerExitedEvent exited = (WorkerExitedEvent) this.processes.events.get(3);
		assertThat(exited.getExit()).isEqualTo(child.onExit().join());
		assertThat(exited).hasToString("process (pid " + child.pid() + ") is EXITED");
	}

	@Test
	void propertiesAndProfilesTravelOverTheChannel() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class)
			.profiles("reports", "extra")
			.property("secret", "s3cret")
			.concurrency(3));
		Map<String, Object> hello = child.call("hello", null, new ParameterizedTypeReference<>() {
		});
		assertThat(hello).containsEntry("profiles", List.of("worker", "reports", "extra"))
			.containsEntry("concurrency", 3)
			.containsEntry("parentPid", (int) ProcessHandle.current().pid());
		assertThat(hello).extractingByKey("properties", InstanceOfAssertFactories.map(String.class, String.class))
			.containsEntry("secret", "s3cret");
		String commandLine = ProcessHandle.of(child.pid())
			.flatMap((process) -> process.info().commandLine())
			.orElse("");
		assertThat(commandLine).doesNotContain("s3cret");
	}

	/** Wait until the first call has started. */
	private void awaitBusy(ChildProcess child) {
		StandaloneTemplate.awaitPrinted(child, "busy");
	}

	private ChildProcess fork() {
		return this.processes.fork(StandaloneTemplate.child(TestChild.class));
	}

	final class ParentHandlers {

		@IpcListener("numbers")
		void numbers(int number, String text, ChildProcess sender) {
			ChildMessagingTests.this.received.add(List.of(number, text));
			ChildMessagingTests.this.received.add(sender);
		}

		@IpcListener("reverse")
		String reverse(String text) {
			return new StringBuilder(text).reverse().toString();
		}

	}

}
