package io.ipcboot;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Programs that are no JVMs, with and without a channel.
 */
@ProcessTest
class ProgramTests {

	private final List<String> output = new CopyOnWriteArrayList<>();

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aProgramRunsToItsEnd() {
		ChildProcess child = this.processes.fork(program("sh", "-c", "echo \"$1|$2|$3\"", "name", "a b", "", "ü*"));
		ProcessExit exit = child.onExit().join();
		assertThat(this.output).containsExactly("a b||ü*");
		assertThat(exit.code()).isZero();
		assertThat(exit.pid()).isEqualTo(child.pid());
		assertThat(exit.signal()).isNull();
		assertThat(exit.uptime()).isPositive();
		assertThat(exit.lastLines()).containsExactly("a b||ü*");
		assertThat(child.isAlive()).isFalse();
		assertThat(child.isConnected()).isFalse();
		assertThat(child.isWritable()).isFalse();
	}

	@Test
	void argumentsOfTheOptionsFollowThoseOfTheProgram() {
		this.processes.fork(program("echo", "a").arguments("b", "c")).onExit().join();
		assertThat(this.output).containsExactly("a b c");
	}

	@Test
	void standardInputIsWrittenByTheParent() throws IOException {
		ChildProcess child = this.processes.fork(program("cat"));
		try (OutputStream input = child.standardInput()) {
			input.write("first\nsecond".getBytes(StandardCharsets.UTF_8));
		}
		assertThat(child.onExit().join().code()).isZero();
		assertThat(this.output).containsExactly("first", "second");
	}

	@Test
	void aProgramWithoutAChannelHasNoVerbs() {
		ChildProcess child = this.processes.fork(program("cat"));
		String reason = "process (pid " + child.pid() + ") was forked without a channel";
		assertThatIllegalStateException().isThrownBy(() -> child.send("x")).withMessage(reason);
		assertThatIllegalStateException().isThrownBy(() -> child.onMessage(String.class, (text) -> {
		})).withMessage(reason);
		assertThatIllegalStateException().isThrownBy(child::disconnect).withMessage(reason);
		child.close();
		assertThat(child.isAlive()).isFalse();
	}

	@Test
	void aProgramThatDoesNotExistIsNamed() {
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.processes.fork(program("no-such-program", "x")))
			.withMessageContaining("no-such-program")
			.withMessageContaining("No such file or directory");
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.processes.fork(program("no-such-program").channel(true)))
			.withMessageContaining("no-such-program");
	}

	@Test
	void aFileThatIsNoProgramIsNamed(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("text"), "no program");
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.processes.fork(program(file.toString())))
			.withMessageContaining(file.toString())
			.withMessageContaining("Permission denied");
	}

	@Test
	void aDirectoryThatDoesNotExistIsNamed(@TempDir Path directory) throws IOException {
		Path missing = directory.resolve("missing");
		assertThatExceptionOfType(WorkerStartException.class)
			.isThrownBy(() -> this.processes.fork(program("pwd").directory(missing)))
			.withMessageContaining("The working directory " + missing + " does not exist");
		this.processes.fork(program("pwd").directory(directory)).onExit().join();
		assertThat(this.output).containsExactly(directory.toRealPath().toString());
	}

	@Test
	void aNulCharacterIsRefusedBeforeAnythingIsStarted() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.processes.fork(program("echo\0", "x")))
			.withMessageContaining("NUL character in an argument");
		assertThatIllegalArgumentException().isThrownBy(() -> this.processes.fork(program("echo", "a\0b")))
			.withMessageContaining("NUL character in an argument");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.processes.fork(program("env").environment("A", "a\0b")))
			.withMessageContaining("NUL character in the environment variable A");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> this.processes.fork(program("env").environment("A\0", "a")))
			.withMessageContaining("NUL character in the name of an environment variable");
		assertThatIllegalArgumentException().isThrownBy(() -> program("pwd").directory(Path.of("/tmp\0/x")));
	}

	@Test
	void anEnvironmentVariableWithoutANameIsRefused() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> this.processes.fork(program("env").environment("A=B", "c").channel(true)))
			.withMessageContaining("A=B");
	}

	@Test
	void theEnvironmentIsInheritedAndChanged() {
		this.processes.fork(program("env").environment("ADDED", "x = y").environment("HOME", null)).onExit().join();
		assertThat(this.output).contains("ADDED=x = y", "PATH=" + System.getenv("PATH"))
			.noneMatch((line) -> line.startsWith("HOME=") || line.startsWith("IPC_CHANNEL="));
	}

	@Test
	void noDescriptorOfTheParentIsInherited() {
		this.processes.start(program("cat"));
		this.processes.fork(program("sh", "-c", "ls /proc/$$/fd")).onExit().join();
		assertThat(this.output).containsExactly("0", "1", "2");
	}

	@Test
	void aProgramThatSpeaksTheWireFormatHasAChannel() {
		String[] java = StandaloneTemplate.javaCommand(TestChild.class);
		ChildProcess child = this.processes
			.fork(ForkOptions.program("sh", "-c", "exec \"$@\"", "sh").arguments(java).channel(true));
		assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
		child.close();
		assertThat(child.onExit().join().code()).isZero();
	}

	@Test
	void aProgramThatDoesNotSpeakTheWireFormatIsNeverReady() {
		ForkOptions silent = program("sleep", "60").channel(true).readyTimeout(Duration.ofMillis(200));
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.fork(silent))
			.withMessageContaining("it did not become ready within 200 ms; the process was ended by SIGKILL");
	}

	@Test
	void aProgramThatWritesSomethingElseToItsChannelIsKilled() {
		ForkOptions noisy = program("sh", "-c", "printf '%060d' 0 >&0; exec sleep 60").channel(true);
		assertThatExceptionOfType(WorkerStartException.class).isThrownBy(() -> this.processes.fork(noisy))
			.withMessageContaining("it sent an invalid frame; the process was ended by SIGKILL")
			.withStackTraceContaining("protocol error: a frame starts with 0x30");
	}

	@Test
	void aProgramNeedsAName() {
		assertThatIllegalArgumentException().isThrownBy(ForkOptions::program);
	}

	private ForkOptions program(String... command) {
		return ForkOptions.program(command).output((ProcessOutput.Line line) -> this.output.add(line.text()));
	}

}
