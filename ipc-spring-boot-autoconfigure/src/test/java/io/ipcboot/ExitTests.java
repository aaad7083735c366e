package io.ipcboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import io.ipcboot.process.ProcessStatus;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * How processes end, and what their parent learns about it.
 */
@ProcessTest
class ExitTests {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 7, 127 })
	void theExitCodeOfAProgramIsReported(int code) {
		ProcessExit exit = exit(shell("exit " + code));
		assertThat(exit.code()).isEqualTo(code);
		assertThat(exit.signal()).isNull();
		assertThat(exit.describe()).isEqualTo("exited with code " + code);
		assertThat(exit.describeWithOutput()).isEqualTo("exited with code " + code + " and printed nothing");
	}

	@ParameterizedTest
	@CsvSource({ "KILL, 137", "TERM, 143", "SEGV, 139", "ABRT, 134", "HUP, 129", "INT, 130", "PIPE, 141", "XCPU, 152" })
	void theSignalThatEndedAProgramIsReported(Signal signal, int code) {
		ForkOptions program = shell("echo before; kill -" + signal.name() + " $$; exec sleep 60");
		if (isIgnored(code - 128)) {
			program.commandPrefix("env", "--default-signal=" + signal.name());
			assumeThat(exit(ForkOptions.program("env", "--default-signal=HUP", "true")).code())
				.as("env(1) can undo that signals are ignored")
				.isZero();
		}
		ProcessExit exit = exit(program);
		assertThat(exit.signal()).isSameAs(signal);
		assertThat(exit.code()).isEqualTo(code);
		assertThat(exit.describeWithOutput())
			.isEqualTo("was ended by SIG" + signal.name() + "\nIts last lines were:\n\tbefore");
	}

	/**
	 * As nohup(1) and shells do for what runs in the background; children inherit that.
	 */
	private static boolean isIgnored(int signal) {
		String ignored = ProcessStatus.field(ProcessHandle.current().pid(), "SigIgn");
		return ignored != null && (Long.parseUnsignedLong(ignored, 16) >>> (signal - 1) & 1) != 0;
	}

	@Test
	void theUptimeIsThatOfTheProcess() {
		// counted from the moment at which the parent knows the pid
		assertThat(exit(shell("sleep 0.3")).uptime()).isBetween(Duration.ofMillis(200), Duration.ofSeconds(20));
	}

	@ParameterizedTest
	@CsvSource({ "exit, 0", "exit, 3", "halt, 0", "halt, 7" })
	void aListenerThatEndsItsJvmFailsTheOpenCall(String how, int code) {
		ChildProcess child = fork();
		assertThatExceptionOfType(WorkerLostException.class).isThrownBy(() -> child.call(how, code, Void.class))
			.satisfies((lost) -> {
				assertThat(lost.getExit().code()).isEqualTo(code);
				assertThat(lost.mayHaveStarted()).isTrue();
			})
			.withMessageContaining("process (pid %d): the worker exited with code %d".formatted(child.pid(), code));
		assertThat(child.onExit().join().code()).isEqualTo(code);
		assertThat(child.onExit().join().signal()).isNull();
	}

	@Test
	void aJvmWithoutMemoryEndsWithCode3() {
		ChildProcess child = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).maxHeap(DataSize.ofMegabytes(32)));
		assertThatExceptionOfType(WorkerLostException.class)
			.isThrownBy(() -> child.call("out-of-memory", null, Void.class))
			.withMessageContaining("OutOfMemoryError")
			.satisfies((lost) -> assertThat(lost.getExit().code()).isEqualTo(3));
	}

	@Test
	void aCrashOfTheJvmIsReported(@TempDir Path directory) {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class)
			.directory(directory)
			.jvmArguments("-XX:+SuppressFatalErrorMessage"));
		var call = child.callAsync("sleep", 60_000L, String.class);
		assertThat(child.kill("SEGV")).isTrue();
		ProcessExit exit = child.onExit().join();
		assertThat(exit.signal()).isSameAs(Signal.ABRT);
		assertThat(call).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(WorkerLostException.class)
			.withMessageContaining("was ended by SIGABRT");
	}

	@Test
	void aSignalNamedTermEndsAJvmInOrder() {
		ChildProcess child = fork();
		assertThat(child.kill()).isTrue();
		ProcessExit exit = child.onExit().join();
		assertThat(exit.code()).isEqualTo(143);
		assertThat(exit.signal()).isSameAs(Signal.TERM);
		assertThat(this.processes.events).hasExactlyElementsOfTypes(WorkerStartingEvent.class, WorkerReadyEvent.class,
				WorkerDrainingEvent.class, WorkerExitedEvent.class);
	}

	@Test
	void aSignalNamedKillEndsAJvmAtOnce() {
		ChildProcess child = fork();
		assertThat(child.kill("SIGKILL")).isTrue();
		assertThat(child.onExit().join().signal()).isSameAs(Signal.KILL);
		assertThat(this.processes.events).hasExactlyElementsOfTypes(WorkerStartingEvent.class, WorkerReadyEvent.class,
				WorkerExitedEvent.class);
	}

	@Test
	void aSignalNamedQuitMakesAJvmPrintItsThreads() {
		ChildProcess child = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
		assertThat(child.kill("QUIT")).isTrue();
		StandaloneTemplate.awaitPrinted(child, "JNI global refs");
		assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
	}

	@Test
	void aStoppedProcessCanBeContinued() {
		ChildProcess child = fork();
		assertThat(child.kill("STOP")).isTrue();
		var call = child.callAsync("pid", null, Long.class);
		assertThat(child.isAlive()).isTrue();
		assertThat(call).isNotDone();
		assertThat(child.kill("CONT")).isTrue();
		assertThat(call).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(child.pid());
	}

	@Test
	void anUnknownSignalIsRefused() {
		ChildProcess child = this.processes.fork(shell("exec sleep 60"));
		assertThatIllegalArgumentException().isThrownBy(() -> child.kill("SIGFOO"))
			.withMessage("There is no signal 'SIGFOO'");
		assertThatIllegalArgumentException().isThrownBy(() -> shell("true").killSignal("SIGFOO"));
		assertThat(child.isAlive()).isTrue();
	}

	@Test
	void aProcessThatHasEndedGetsNoSignal() {
		ChildProcess child = this.processes.fork(shell("exit 0"));
		child.onExit().join();
		assertThat(child.kill()).isFalse();
		assertThat(child.kill("KILL")).isFalse();
		assertThat(child.kill("STOP")).isFalse();
	}

	@Test
	void aProcessThatTakesTooLongGetsItsKillSignal() {
		assertThat(exit(shell("exec sleep 60").timeout(Duration.ofMillis(100))).signal()).isSameAs(Signal.TERM);
		assertThat(
				exit(shell("trap '' TERM; exec sleep 60").timeout(Duration.ofMillis(200)).killSignal("KILL")).signal())
			.isSameAs(Signal.KILL);
		// whether it is ready by then or not
		ChildProcess child = this.processes
			.start(StandaloneTemplate.child(TestChild.class).timeout(Duration.ofSeconds(2)).killSignal("SIGKILL"));
		assertThat(child.onExit().join().signal()).isSameAs(Signal.KILL);
	}

	@Test
	void theTimeoutIsCancelledWhenTheProcessEnds() throws Exception {
		// with the number free again the signal could reach somebody else
		ChildProcess child = this.processes.fork(shell("exit 4").timeout(Duration.ofMillis(300)));
		assertThat(child.onExit().join().code()).isEqualTo(4);
		TimeUnit.MILLISECONDS.sleep(400);
		assertThat(child.onExit().join().signal()).isNull();
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, -1 })
	void aTimeoutMustBePositive(long millis) {
		assertThatIllegalArgumentException().isThrownBy(() -> shell("true").timeout(Duration.ofMillis(millis)));
	}

	@Test
	void closingAProgramThatIgnoresItsKillSignalKillsIt() {
		ChildProcess child = this.processes.fork(shell("trap '' TERM; echo ready; while true; do sleep 0.05; done"));
		StandaloneTemplate.awaitPrinted(child, "ready");
		assertThat(child.end(Duration.ofMillis(300)).join().signal()).isSameAs(Signal.KILL);
	}

	@Test
	void closingAJvmThatHangsAtExitKillsIt() {
		ChildProcess child = fork();
		child.send("hang-at-exit", null);
		StandaloneTemplate.awaitPrinted(child, "will hang");
		assertThat(child.end(Duration.ofMillis(500)).join().signal()).isSameAs(Signal.KILL);
	}

	@Test
	void closingAJvmWithABusyListenerKillsIt() {
		ChildProcess child = fork();
		child.send("spin", null);
		StandaloneTemplate.awaitPrinted(child, "spinning");
		assertThat(child.end(Duration.ofMillis(500)).join().signal()).isSameAs(Signal.KILL);
	}

	@Test
	void closingAStoppedJvmKillsIt() {
		ChildProcess child = fork();
		child.kill("STOP");
		assertThat(child.end(Duration.ofMillis(300)).join().signal()).isSameAs(Signal.KILL);
	}

	private ChildProcess fork() {
		return this.processes.fork(StandaloneTemplate.child(TestChild.class));
	}

	private ProcessExit exit(ForkOptions options) {
		return this.processes.fork(options).onExit().join();
	}

	private static ForkOptions shell(String script) {
		return ForkOptions.program("sh", "-c", script).output(ProcessOutput.DISCARD);
	}

	@ParameterizedTest
	@CsvSource({ "SIGQUIT, prints its threads", "SIGINT, Ctrl-C", "SIGSTOP, stops on it", "SIGTSTP, does not end",
			"CONT, does not end", "chld, does not end", "SIGWINCH, does not end", "URG, does not end",
			"TTIN, does not end", "TTOU, does not end", "USR2, internally", "PIPE, ignores", "XFSZ, ignores" })
	void aSignalThatEndsNoWorkerIsRefusedWithTheReason(String name, String reason) {
		ForkOptions options = StandaloneTemplate.child(TestChild.class);
		assertThatIllegalArgumentException().isThrownBy(() -> options.killSignal(name))
			.withMessageContaining(reason)
			.withMessageContaining("Use SIGTERM or SIGKILL");
		assertThat(options.killSignal).isSameAs(Signal.TERM);
	}

	@Test
	void whatEndsAProgramButNoWorkerIsRefusedOnlyForAWorker() {
		ForkOptions plain = StandaloneTemplate.child(TestChild.class).channel(false).killSignal("SIGINT");
		assertThat(plain.killSignal).isSameAs(Signal.INT);
		assertThatIllegalArgumentException().isThrownBy(() -> plain.channel(true)).withMessageContaining("Ctrl-C");
		assertThat(ForkOptions.program("sleep", "60").killSignal("SIGQUIT").killSignal("SIGWINCH").killSignal)
			.isSameAs(Signal.WINCH);
		assertThatIllegalArgumentException().isThrownBy(() -> ForkOptions.program("sleep", "60").killSignal("SIGSTOP"))
			.withMessageContaining("SIGSTOP cannot be the kill signal: a process stops on it and does not end");
	}

	@ParameterizedTest
	@ValueSource(strings = { "USR1", "ALRM", "PWR", "XCPU", "KILL" })
	void aWorkerEndsOnEachSignalThatIsNotRefused(String name) {
		ChildProcess worker = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).killSignal(name).output(ProcessOutput.DISCARD));
		assertThat(worker.kill()).isTrue();
		assertThat(worker.onExit()).succeedsWithin(Duration.ofSeconds(60));
	}

	@Test
	void aWorkerGoesOnAfterEachSignalThatIsRefused() {
		ChildProcess worker = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
		for (Signal signal : Signal.values()) {
			if (signal.survival(true, true) != null && signal != Signal.USR2) {
				assertThat(worker.kill(signal.name())).isTrue();
				assertThat(worker.kill("CONT")).isTrue();
			}
		}
		assertThat(worker.call("sum", List.of(1, 2), Integer.class)).isEqualTo(3);
	}

}
