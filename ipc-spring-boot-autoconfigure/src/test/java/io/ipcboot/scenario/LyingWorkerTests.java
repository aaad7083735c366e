package io.ipcboot.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ProcessTest;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.channel.FrameType;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.ipcboot.scenario.Outcomes.lost;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a worker claims is only a claim: a worker that lies ends, and holds up nobody.
 */
@ProcessTest
class LyingWorkerTests {

	@RegisterExtension
	final Invariants invariants = new Invariants();

	private static final int SEEDS = Integer.getInteger("tests.seeds", 10);

	private ObservedPool start(ScenarioSettings settings) {
		return this.invariants.start(settings,
				this.invariants.mark(StandaloneTemplate.child(RawWorker.class).output(ProcessOutput.DISCARD)));
	}

	@ParameterizedTest
	@EnumSource(names = { "HELLO", "READY", "PING", "PONG", "ASSIGN", "STARTED", "REPLY", "FAILURE", "NOT_STARTED" })
	void aFalseFrameEndsItsWorkerAlone(FrameType type) {
		ObservedPool pool = start(ScenarioSettings.workers(2));
		CompletableFuture<String> lie = pool.call("lie", type.name(), String.class);
		List<CompletableFuture<String>> others = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			others.add(pool.call("echo", "x", String.class));
		}
		pool.expectDeaths(LossCause.PROTOCOL);
		WorkerLostException loss = lost(lie);
		assertThat(loss.getLossCause()).isEqualTo(LossCause.PROTOCOL);
		assertThat(loss).hasStackTraceContaining("protocol error: ")
			.hasStackTraceContaining("the frame begins with c5");
		others.forEach((other) -> assertThat(other).succeedsWithin(Invariants.PATIENCE).isEqualTo("x"));
	}

	@Test
	void honestWorkersNoticeNothing() {
		ObservedPool liars = start(ScenarioSettings.workers(2).heartbeatTimeout(Duration.ofSeconds(2)));
		liars.listeners().add("text", (message) -> message.payload(String.class));
		liars.listeners().add("later", (message) -> new CompletableFuture<>());
		liars.listeners().add("fails", (message) -> {
			throw new IllegalStateException("as it should");
		});
		ObservedPool honest = this.invariants.start(ScenarioSettings.workers(2));
		for (int seed = 1; seed <= SEEDS; seed++) {
			CompletableFuture<String> fuzz = liars.call("fuzz", Integer.toString(seed), String.class);
			List<CompletableFuture<String>> echoes = new ArrayList<>();
			for (int i = 0; i < 50; i++) {
				echoes.add(liars.call("echo", "x", String.class));
				assertThat(honest.ask("echo", "honest " + i, String.class)).as("seed %d", seed)
					.isEqualTo("honest " + i);
			}
			echoes.add(fuzz);
			int current = seed;
			echoes.forEach((call) -> assertThat(call.handle((reply, ex) -> "an outcome")).as("seed %d", current)
				.succeedsWithin(Invariants.PATIENCE));
		}
		assertThat(liars.deaths()).isSubsetOf(LossCause.PROTOCOL, LossCause.HEARTBEAT, LossCause.DEADLINE,
				LossCause.EXITED);
		liars.deaths().forEach(liars::expectDeaths);
	}

	@Test
	void aWorkerThatReadsNothingAndClaimsToReadHoldsUpNobody() {
		ObservedPool pool = start(ScenarioSettings.workers(3).heartbeatTimeout(Duration.ofSeconds(1)));
		assertThat(pool.ask("deaf", "x", String.class)).isEqualTo("x");
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		List<CompletableFuture<String>> calls = new ArrayList<>();
		String kilobyte = "x".repeat(1000);
		for (int i = 0; i < 2000; i++) {
			sent.add(pool.destination("note").message(kilobyte).send());
			calls.add(pool.call("echo", "x", String.class));
		}
		pool.expectDeaths(LossCause.HEARTBEAT);
		// what the deaf one was sent is with the others in the end
		sent.forEach((message) -> assertThat(message.handle((nothing, ex) -> "an outcome"))
			.succeedsWithin(Invariants.PATIENCE));
		calls.forEach(
				(call) -> assertThat(call.handle((reply, ex) -> "an outcome")).succeedsWithin(Invariants.PATIENCE));
		assertThat(calls.stream().filter(CompletableFuture::isCompletedExceptionally)).hasSizeLessThan(50);
	}

}
