package io.ipcboot.scenario;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ForkOptions;
import io.ipcboot.ProcessTest;
import io.ipcboot.messaging.PayloadConversionException;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.pool.LossCause;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.CrashFiles;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.util.unit.DataSize;

import static io.ipcboot.scenario.Outcomes.failure;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * S6, the crash matrix of loky: whatever goes wrong wherever in a call, the caller gets
 * the one exception that says so, and a worker dies only of what no JVM survives.
 */
@ProcessTest
class CrashMatrixTests {

	/** Less than a worker may take to leave, as it must not wait for itself. */
	private static final Duration NOTICED_WITHIN = Duration.ofSeconds(15);

	@RegisterExtension
	final Invariants invariants = new Invariants();

	@TempDir
	Path crashes;

	/** What goes wrong before the listener runs, and after. */
	static List<Arguments> otherPhases() {
		List<Arguments> rows = new ArrayList<>();
		for (Fault fault : Fault.values()) {
			for (String phase : List.of("decode", "encode")) {
				rows.add(Arguments.of(fault, phase));
			}
		}
		return rows;
	}

	@ParameterizedTest(name = "{0} on {1}")
	@MethodSource("otherPhases")
	@Tag("long")
	void s6InTheWorker(Fault fault, String phase) {
		ObservedPool pool = startPool();
		long pid = pool.worker().pid();
		CompletableFuture<Object> call = pool.call(phase, fault.name(), Object.class);
		Throwable failure = failure(call, NOTICED_WITHIN);
		if (fault.isSurvived()) {
			assertRemoteFailure(fault, failure);
			assertThat(pool.ask("pid", null, Long.class)).as("the worker").isEqualTo(pid);
		}
		else {
			assertThat(failure).isInstanceOfSatisfying(WorkerLostException.class,
					(lost) -> assertLoss(fault, pid, lost));
			pool.expectDeaths(causeOf(fault));
			pool.awaitReplaced(pid);
		}
	}

	@ParameterizedTest(name = "{0} on run")
	@EnumSource
	void s6InTheListener(Fault fault) {
		s6InTheWorker(fault, "run");
	}

	private static void assertRemoteFailure(Fault fault, Throwable failure) {
		String type = (fault == Fault.THROW) ? "java.lang.IllegalStateException" : "java.lang.StackOverflowError";
		assertThat(failure).isInstanceOf(RemoteHandlerException.class);
		RemoteHandlerException remote = (RemoteHandlerException) failure;
		assertThat(remote.getRemoteType() + remote.getRemoteMessage() + remote.getRemoteStackTrace())
			.as("what is known of the failure")
			.contains(type);
	}

	private static void assertLoss(Fault fault, long pid, WorkerLostException lost) {
		assertThat(lost.getLossCause()).isEqualTo(causeOf(fault));
		assertThat(lost.getExit().pid()).isEqualTo(pid);
		assertThat(lost.mayHaveStarted()).isTrue();
		switch (fault) {
			case EXIT -> assertThat(lost.getExit().code()).isZero();
			case HALT -> assertThat(lost.getExit().code()).isEqualTo(7);
			case OUT_OF_MEMORY -> assertThat(lost.getExit().code()).isEqualTo(3);
			default -> {
				assertThat(lost.getExit().signal()).isEqualTo(Signal.ABRT);
				assertThat(lost.getCrashFile()).isNotNull().exists().content().contains("SIGSEGV");
				assertThat(lost).hasMessageContaining(String.valueOf(lost.getCrashFile()));
			}
		}
	}

	private static LossCause causeOf(Fault fault) {
		return switch (fault) {
			case NATIVE_CRASH -> LossCause.KILLED;
			case OUT_OF_MEMORY -> LossCause.OUT_OF_MEMORY;
			default -> LossCause.EXITED;
		};
	}

	@ParameterizedTest
	@EnumSource(names = { "THROW", "STACK_OVERFLOW" })
	void s6InTheParentOnDecodingTheReply(Fault fault) {
		ObservedPool pool = startPool();
		long pid = pool.worker().pid();
		assertThat(failure(pool.call("harmless", fault.name(), FaultOnDecode.class)))
			.isInstanceOf(PayloadConversionException.class);
		assertThat(pool.ask("pid", null, Long.class)).as("the worker").isEqualTo(pid);
	}

	private ObservedPool startPool() {
		ForkOptions worker = this.invariants.worker()
			.maxHeap(DataSize.ofMegabytes(48))
			.crashFiles(new CrashFiles(this.crashes, 5));
		return this.invariants.start(ScenarioSettings.workers(1), worker);
	}

}
