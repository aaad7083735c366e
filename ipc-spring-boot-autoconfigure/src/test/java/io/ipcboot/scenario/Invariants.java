package io.ipcboot.scenario;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ForkOptions;
import io.ipcboot.ProcStat;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.PoolSnapshot;
import io.ipcboot.pool.PoolState;
import io.ipcboot.pool.WorkerState;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds after every scenario, whatever has happened:
 * <ul>
 * <li>I1 every admitted call has one outcome, and keeps no place in the pool,
 * <li>I2 no zombie and no orphan is left,
 * <li>I3 descriptors and threads are back at the baseline,
 * <li>I4 the pool is back at its size,
 * <li>I5 no temporary file is left,
 * <li>I6 a canary call succeeds,
 * <li>I7 the events name the causes that were injected.
 * </ul>
 * I3, I5 and the zombies are left to {@link io.ipcboot.NothingLeftBehind}, which compares
 * names and allows no difference.
 */
final class Invariants implements AfterEachCallback {

	/** Generous: everything here is over in two seconds on a machine that is not busy. */
	static final Duration PATIENCE = Duration.ofSeconds(50);

	/** Inherited by all processes that descend from this test. */
	private static final String MARKER = "IPC_SCENARIO";

	private final List<ObservedPool> pools = new ArrayList<>();

	private final String id = UUID.randomUUID().toString();

	private boolean unchecked;

	/** Return how to fork the worker of a scenario. */
	ForkOptions worker() {
		return mark(StandaloneTemplate.child(ScenarioWorker.class).output(ProcessOutput.DISCARD));
	}

	ForkOptions mark(ForkOptions options) {
		return options.environment(MARKER, this.id);
	}

	ObservedPool start(ScenarioSettings settings) {
		return start(settings, worker());
	}

	ObservedPool start(ScenarioSettings settings, ForkOptions worker) {
		return start(settings, worker, ChannelOptions.DEFAULT);
	}

	ObservedPool start(ScenarioSettings settings, ForkOptions worker, ChannelOptions limits) {
		ObservedPool pool = new ObservedPool(settings.build(), worker, limits);
		this.pools.add(pool);
		pool.start();
		return pool;
	}

	/** The scenario was about the end of its pools: only what is left of them counts. */
	void poolsAreStopped() {
		this.unchecked = true;
	}

	/** How many die is a matter of chance, but not of what: of the first one at least. */
	void expectDeathsAsTheyAre(LossCause... causes) {
		this.pools.forEach((pool) -> {
			assertThat(pool.deaths()).contains(causes[0]).isSubsetOf(causes);
			pool.deaths().forEach(pool::expectDeaths);
		});
	}

	@Override
	public void afterEach(ExtensionContext context) {
		try {
			if (context.getExecutionException().isEmpty()) {
				this.pools.forEach(this::check);
			}
		}
		finally {
			this.pools.forEach((pool) -> pool.stop(Duration.ofSeconds(5)));
		}
		this.pools.forEach(Invariants::everyCallHasOneOutcome);
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(descendants()).as("I2: processes that live on").isEmpty());
	}

	private void check(ObservedPool pool) {
		everyCallHasOneOutcome(pool);
		if (!this.unchecked) {
			isBackAtItsSize(pool);
			holdsNoPlace(pool);
			canary(pool);
		}
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(pool.deaths()).as("I7: causes of the deaths of workers")
				.containsExactlyInAnyOrderElementsOf(pool.injected()));
	}

	private static void everyCallHasOneOutcome(ObservedPool pool) {
		Awaitility.await()
			.atMost(PATIENCE)
			.untilAsserted(() -> assertThat(pool.openCalls()).as("I1: calls without an outcome").isEmpty());
		assertThat(pool.completed.get() + pool.failed.get() + pool.cancelled.get())
			.as("I1: %d completed, %d failed and %d cancelled make all", pool.completed.get(), pool.failed.get(),
					pool.cancelled.get())
			.isEqualTo(pool.admitted.get());
	}

	private static void isBackAtItsSize(ObservedPool pool) {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
			PoolSnapshot snapshot = pool.snapshot();
			assertThat(snapshot.state()).as("I4: %s", snapshot).isEqualTo(PoolState.RUNNING);
			assertThat(snapshot.slots()).as("I4: slots").hasSize(pool.settings().size());
			assertThat(snapshot.slots()).extracting(PoolSnapshot.SlotSnapshot::state)
				.as("I4: states of the slots")
				.containsOnly(WorkerState.READY);
			assertThat(snapshot.spares()).as("I4: spares").isEqualTo(pool.settings().spares());
		});
	}

	private static void holdsNoPlace(ObservedPool pool) {
		Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
			PoolSnapshot snapshot = pool.snapshot();
			assertThat(snapshot.waiting()).as("I1: calls that wait").isZero();
			assertThat(snapshot.slots()).extracting(PoolSnapshot.SlotSnapshot::inFlight)
				.as("I1: calls that hold a place")
				.containsOnly(0);
		});
	}

	private static void canary(ObservedPool pool) {
		List<CompletableFuture<String>> canaries = new ArrayList<>();
		for (int i = 0; i < pool.settings().size(); i++) {
			canaries.add(pool.call("echo", "canary", String.class));
		}
		canaries
			.forEach((canary) -> assertThat(canary).as("I6: the canary").succeedsWithin(PATIENCE).isEqualTo("canary"));
	}

	/** Processes that have inherited the marker, directly or not. */
	private List<String> descendants() throws IOException {
		List<String> found = new ArrayList<>();
		String marker = MARKER + "=" + this.id;
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[1-9]*")) {
			for (Path process : processes) {
				if (read(process.resolve("environ")).contains(marker)) {
					found.add(process.getFileName() + " " + read(process.resolve("cmdline")).replace('\0', ' '));
				}
			}
		}
		return found;
	}

	private static String read(Path file) {
		try {
			return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			// ended since it was listed
			return "";
		}
	}

	/** Whether a process runs; a zombie does not. */
	static boolean isRunning(long pid) {
		return ProcStat.isRunning(pid);
	}

}
