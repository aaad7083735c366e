package io.ipcboot.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.ipcboot.ChildProcess;
import io.ipcboot.MessageSpec;
import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.channel.BacklogFullException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.ipcboot.scenario.Outcomes.failure;
import static io.ipcboot.scenario.Outcomes.lost;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is on the channel is too much, too large, cut off or no frame at all.
 */
@ProcessTest
class TrafficTests {

	private static final int MEGABYTE = 1024 * 1024;

	@RegisterExtension
	final Invariants invariants = new Invariants();

	private final Random random = new Random(Long.getLong("tests.seed", System.nanoTime()));

	@ParameterizedTest
	@Tag("long")
	@ValueSource(longs = { 0, 3_000, 20_000 })
	void s11HalfAFrameThenDeath(long micros) {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		long pid = pool.worker().pid();
		CompletableFuture<byte[]> reply = pool.call("halt-while-replying", micros, byte[].class);
		try {
			assertThat(reply.orTimeout(20, TimeUnit.SECONDS).join()).hasSize(15 * MEGABYTE);
		}
		catch (RuntimeException ex) {
			assertThat(lost(reply).getLossCause()).isEqualTo(LossCause.EXITED);
			assertThat(lost(reply).getExit().code()).isEqualTo(4);
		}
		pool.awaitReplaced(pid);
		pool.expectDeaths(LossCause.EXITED);
	}

	@Test
	void s11HalfAFrameForCertain() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1),
				this.invariants.mark(StandaloneTemplate.child(RawWorker.class).output(ProcessOutput.DISCARD)));
		long pid = pool.worker().pid();
		WorkerLostException lost = lost(pool.call("half", null, String.class));
		assertThat(lost.getLossCause()).isEqualTo(LossCause.EXITED);
		assertThat(lost.getExit().code()).isEqualTo(4);
		pool.awaitReplaced(pid);
		pool.expectDeaths(LossCause.EXITED);
	}

	@ParameterizedTest
	@Tag("long")
	@ValueSource(strings = { "random", "zeros", "ones", "text" })
	void s12GarbageOnTheChannel(String kind) {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1),
				this.invariants.mark(StandaloneTemplate.child(RawWorker.class).output(ProcessOutput.DISCARD)));
		long pid = pool.worker().pid();
		assertThat(pool.ask("echo", "x", String.class)).isEqualTo("x");
		WorkerLostException lost = lost(pool.call("garbage", kind, String.class));
		assertThat(lost.getLossCause()).isEqualTo(LossCause.PROTOCOL);
		assertThat(lost.getCause()).message().containsPattern("the frame begins with [0-9a-f]{128}$");
		pool.expectDeaths(LossCause.PROTOCOL);
		pool.awaitReplaced(pid);
	}

	@Test
	void s13TooLargeMessage() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1));
		long pid = pool.worker().pid();
		assertThatExceptionOfType(MessageTooLargeException.class)
			.isThrownBy(() -> pool.call("bytes", new byte[16 * MEGABYTE + 1], byte[].class));
		assertThat(failure(pool.call("large", 16 * MEGABYTE + 1, byte[].class)))
			.isInstanceOf(RemoteHandlerException.class)
			.hasMessageContaining("MessageTooLargeException");
		assertThat(pool.ask("large", 16 * MEGABYTE - 1024, byte[].class)).hasSize(16 * MEGABYTE - 1024);
		assertThat(pool.worker().pid()).isEqualTo(pid);
	}

	@Test
	void s15SlowConsumer() {
		ChannelOptions limits = new ChannelOptions(4 * MEGABYTE, MEGABYTE, Duration.ofMillis(300));
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(1), this.invariants.worker(), limits);
		ChildProcess worker = pool.worker();
		worker.kill("STOP");
		byte[] message = new byte[200_000];
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		assertThatExceptionOfType(BacklogFullException.class).isThrownBy(() -> {
			for (int i = 0; i < 500; i++) {
				sent.add(pool.operations().send("nobody-listens", message));
			}
		});
		// kernel buffers, window and backlog; not all of what was sent
		assertThat((long) sent.size() * message.length).isLessThan(10L * MEGABYTE);
		assertThat(worker.isWritable()).isFalse();
		worker.kill("CONT");
		sent.forEach((message1) -> assertThat(message1).succeedsWithin(Invariants.PATIENCE));
	}

	@Test
	@Tag("long")
	void s15SlowConsumerDoesNotHoldUpOthers() throws Exception {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		ChildProcess stopped = pool.worker();
		stopped.kill("STOP");
		CompletableFuture<byte[]> stuck = stopped.callAsync("bytes", new byte[8 * MEGABYTE], byte[].class);
		for (int i = 0; i < 20; i++) {
			// one of them may have gone to the worker that does not read
			CompletableFuture<String> call = pool.call("echo", "x", String.class);
			try {
				assertThat(call.get(3, TimeUnit.SECONDS)).isEqualTo("x");
			}
			catch (TimeoutException ex) {
				assertThat(pool.openCalls()).hasSize(1);
			}
		}
		assertThat(pool.openCalls().size()).isLessThanOrEqualTo(1);
		stopped.kill("CONT");
		assertThat(stuck.get(20, TimeUnit.SECONDS)).hasSize(8 * MEGABYTE);
	}

	@Test
	@Tag("long")
	void s28CancelRaces() throws InterruptedException {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2));
		List<CompletableFuture<?>> calls = new ArrayList<>();
		for (int i = 0; i < 600; i++) {
			MessageSpec spec = switch (this.random.nextInt(3)) {
				case 0 -> pool.destination("echo").message("x");
				case 1 -> pool.destination("sleep").message(2L);
				default -> pool.destination("sleep").message(2L).deadline(Duration.ofMillis(3));
			};
			CompletableFuture<String> call = pool.call(spec, String.class);
			calls.add(call);
			switch (this.random.nextInt(3)) {
				case 0 -> call.cancel(true);
				case 1 -> {
					TimeUnit.MICROSECONDS.sleep(this.random.nextInt(3000));
					call.cancel(true);
				}
				default -> call.handle((reply, ex) -> call.cancel(true));
			}
		}
		calls.forEach((call) -> call.handle((reply, ex) -> ex).join());
		assertThat(pool.cancelled).hasPositiveValue();
		assertThat(pool.completed).hasPositiveValue();
	}

	@Test
	@Tag("long")
	void s29LargePayloadsBothWaysAtOnce() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).concurrency(4));
		byte[] payload = new byte[12 * MEGABYTE];
		this.random.nextBytes(payload);
		List<CompletableFuture<byte[]>> replies = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			replies.add(CompletableFuture.supplyAsync(() -> pool.ask("bytes", payload, byte[].class)));
		}
		replies.forEach((reply) -> assertThat(Arrays.equals(reply.join(), payload)).isTrue());
	}

	@Test
	@Tag("long")
	void s29ManySmallPayloads() {
		ObservedPool pool = this.invariants.start(ScenarioSettings.workers(2).concurrency(16));
		List<CompletableFuture<byte[]>> replies = new ArrayList<>();
		for (int i = 0; i < 10_000; i++) {
			replies.add(pool.call("bytes", new byte[] { (byte) i }, byte[].class));
		}
		for (int i = 0; i < replies.size(); i++) {
			assertThat(replies.get(i).join()).containsExactly((byte) i);
		}
	}

}
