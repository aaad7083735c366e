package io.ipcboot.process;

import java.util.List;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Names and numbers of signals.
 */
class SignalTests {

	@ParameterizedTest
	@ValueSource(strings = { "SIGTERM", "TERM", "term", "sigterm", "SigTerm" })
	void aSignalIsFoundByItsName(String name) {
		assertThat(Signal.of(name)).isSameAs(Signal.TERM).hasToString("SIGTERM");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "SIG", "SIGFOO", "15", "TERM;reboot", " TERM" })
	void anUnknownNameIsRefused(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> Signal.of(name))
			.withMessage("There is no signal '" + name + "'");
	}

	@Test
	void aLaterProcessWithTheSameIdGetsNoSignal() throws Exception {
		// this JVM may have been started with SIGQUIT ignored, which others inherit
		Process process = new ProcessBuilder("sleep", "100").start();
		try {
			String startTime = ProcessStatus.startTime(process.pid());
			assertThat(startTime).matches("\\d+");
			for (Signal signal : List.of(Signal.QUIT, Signal.STOP, Signal.USR1)) {
				assertThat(signal.sendTo(process.toHandle(), "1" + startTime)).isFalse();
			}
			assertThat(process.isAlive()).isTrue();
			assertThat(Signal.USR1.sendTo(process.toHandle(), startTime)).isTrue();
			assertThat(process.waitFor()).isEqualTo(128 + 10);
			assertThat(Signal.USR1.sendTo(process.toHandle(), startTime)).isFalse();
			assertThat(ProcessStatus.startTime(process.pid())).isNull();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@Test
	void theExitCodeNamesTheSignal() {
		assertThat(Signal.fromExitCode(137)).isSameAs(Signal.KILL);
		assertThat(Signal.fromExitCode(143)).isSameAs(Signal.TERM);
		assertThat(Signal.fromExitCode(134)).isSameAs(Signal.ABRT);
		assertThat(Signal.fromExitCode(139)).isSameAs(Signal.SEGV);
		assertThat(Signal.fromExitCode(0)).isNull();
		assertThat(Signal.fromExitCode(128)).isNull();
		assertThat(Signal.fromExitCode(255)).isNull();
	}

	@Test
	void aSessionWhoseIdIsThatOfANewProcessIsNotKilled() throws Exception {
		Process stranger = new ProcessBuilder("setsid", "sleep", "100").start();
		try {
			Awaitility.await().until(() -> ProcessStatus.session(stranger.pid()) == stranger.pid());
			Session.killAll(stranger.pid());
			assertThat(stranger.isAlive()).isTrue();
		}
		finally {
			stranger.destroyForcibly();
		}
	}

	@ParameterizedTest
	@EnumSource
	void whatEndsNoProcessIsNoExitCode(Signal signal) {
		if (List
			.of(Signal.CHLD, Signal.CONT, Signal.STOP, Signal.TSTP, Signal.TTIN, Signal.TTOU, Signal.URG, Signal.WINCH)
			.contains(signal)) {
			assertThat(signal.survival(true, false)).isNotBlank();
			assertThat(Stream.iterate(128, (code) -> code + 1).limit(64).map(Signal::fromExitCode))
				.doesNotContain(signal);
		}
		else {
			assertThat(Stream.iterate(128, (code) -> code + 1).limit(64).map(Signal::fromExitCode)).contains(signal);
		}
	}

}
