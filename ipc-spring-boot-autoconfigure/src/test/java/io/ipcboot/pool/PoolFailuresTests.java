package io.ipcboot.pool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.ipcboot.channel.BacklogFullException;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.MessageTooLargeException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.PayloadConversionException;
import io.ipcboot.process.ProcessExit;
import io.ipcboot.process.Signal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

class PoolFailuresTests {

	private static final PeerId WORKER = new PeerId("my pool", 3, 4711);

	private final PoolFailures failures = new PoolFailures();

	static List<IpcException> failures() {
		return List.of(new PoolSaturatedException("p", "full"), new PoolDegradedException("p", "deaths"),
				new PoolClosedException("p"), new QuarantinedException("p", "work", "abc", 2, 600),
				CallDeadlockException.in("p", "p/0 → parent → p"), CallDeadlockException.at(WORKER, "chain"),
				new ChannelClosedException(WORKER, "gone", null), new BacklogFullException(WORKER, 1234),
				new MessageTooLargeException(WORKER, "work", 10, 5), new MessageTooLargeException(null, "work", 10, 5),
				lost(List.of("one", "", "three"), Signal.KILL, Path.of("/crash/file")), lost(List.of(), null, null));
	}

	private static WorkerLostException lost(List<String> lines, Signal signal, Path crashFile) {
		ProcessExit exit = new ProcessExit(4711, 137, signal, Duration.ofMillis(1234), lines, true, crashFile);
		return new WorkerLostException(WORKER, LossCause.OUT_OF_MEMORY, exit, true, null);
	}

	@ParameterizedTest
	@MethodSource("failures")
	void whatIsReadIsWhatWasWritten(IpcException failure) {
		Map<String, String> headers = this.failures.write(failure);
		assertThat(headers).isNotNull();
		IpcException read = this.failures.read(headers, failure.getPeer());
		assertThat(read).hasSameClassAs(failure).hasMessage(failure.getMessage());
		assertThat(read.getPeer()).isEqualTo(failure.getPeer());
		if (failure instanceof WorkerLostException lost) {
			assertThat(((WorkerLostException) read).getExit()).isEqualTo(lost.getExit());
			assertThat(((WorkerLostException) read).getLossCause()).isEqualTo(lost.getLossCause());
			assertThat(((WorkerLostException) read).mayHaveStarted()).isTrue();
		}
		if (failure instanceof QuarantinedException refused) {
			assertThat(((QuarantinedException) read).getId()).isEqualTo(refused.getId());
		}
	}

	@Test
	void longOutputLosesItsFirstLines() {
		List<String> lines = IntStream.range(0, 50).mapToObj((i) -> i + "x".repeat(2000)).toList();
		Map<String, String> headers = this.failures.write(lost(lines, null, null));
		WorkerLostException read = (WorkerLostException) this.failures.read(headers, WORKER);
		assertThat(read.getExit().lastLines()).hasSize(2)
			.isEqualTo(lines.subList(lines.size() - read.getExit().lastLines().size(), lines.size()));
	}

	@Test
	void otherFailuresAreNotWritten() {
		assertThat(this.failures.write(new PayloadConversionException("no", null))).isNull();
		assertThat(this.failures.read(Map.of("reason", "HANDLER"), WORKER)).isNull();
	}

	@Test
	void missingHeadersAreNoReasonToFail() {
		for (IpcException failure : failures()) {
			Map<String, String> headers = new HashMap<>(this.failures.write(failure));
			headers.keySet().retainAll(List.of(":failure"));
			assertThat(this.failures.read(headers, null)).hasSameClassAs(failure);
		}
	}

}
