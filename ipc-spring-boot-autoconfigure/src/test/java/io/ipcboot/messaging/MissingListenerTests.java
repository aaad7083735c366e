package io.ipcboot.messaging;

import java.util.Map;
import java.util.concurrent.CompletionException;

import io.ipcboot.handle.IpcPipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@ExtendWith(OutputCaptureExtension.class)
class MissingListenerTests extends AbstractPeerTests {

	@Test
	void aCallFailsAtOnceAndSaysWhatToDo() {
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("nobody", "x", Object.class))
			.withMessage(this.pair.left.peer.id() + ": there is no listener for 'nobody'. "
					+ "Annotate a method of a bean with @IpcListener(\"nobody\") or add a listener in code.");
		this.pair.right.listeners.explainMissing("other", "Start the application with the profile 'other'.");
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("other", "x", Object.class))
			.withMessageEndingWith("there is no listener for 'other'. Start the application with the profile 'other'.");
	}

	@Test
	void aOneWayMessageIsCountedAndLoggedOncePerDestination(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			this.pair.left.send("unknown-" + (i % 2), i);
		}
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("confirm", null, Object.class));
		assertThat(this.pair.right.peer.statistics().unhandledMessages()).isEqualTo(1000);
		assertThat(StringUtils.countOccurrencesOf(output.getOut(), "was dropped: there is no listener for 'unknown-0'"))
			.isEqualTo(1);
		assertThat(StringUtils.countOccurrencesOf(output.getOut(), "was dropped: there is no listener for 'unknown-1'"))
			.isEqualTo(1);
	}

	@Test
	void aMadeUpDestinationForgesNoLineOfTheLog(CapturedOutput output) {
		this.pair.left.send("x\n2026-01-01 INFO all is well\u001b[2J", 1);
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("y\r\nz", null, Object.class))
			.withMessageContaining("'y\\u000d\\u000az'");
		assertThat(output.getOut()).contains("'x\\u000a2026-01-01 INFO all is well\\u001b[2J'")
			.doesNotContain("\u001b[2J");
		assertThat(output.getOut().lines()).noneMatch((line) -> line.startsWith("2026-01-01"));
	}

	@Test
	void manyMadeUpDestinationsDoNotFillTheLog(CapturedOutput output) {
		for (int i = 0; i < 5000; i++) {
			this.pair.left.send("made-up-" + i, i);
		}
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("confirm", null, Object.class));
		assertThat(this.pair.right.peer.statistics().unhandledMessages()).isEqualTo(5000);
		assertThat(StringUtils.countOccurrencesOf(output.getOut(), "was dropped")).isEqualTo(100);
	}

	@Test
	void aHandleComesBackAsAFailureAndIsClosed() throws Exception {
		try (IpcPipe pipe = IpcPipe.open()) {
			assertThatExceptionOfType(CompletionException.class)
				.isThrownBy(() -> this.pair.left.sender
					.send(TestMessages.of("nobody", "x", null, Map.of(), pipe.sink(), false, null))
					.join())
				.withCauseInstanceOf(NoListenerException.class);
			assertThat(pipe.source().read()).isEqualTo(-1);
		}
	}

	@Test
	void aListenerThatIsAddedLaterIsFound() {
		this.pair.left.send("late", 1);
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("late", 1, int.class));
		Listener listener = (message) -> message.payload(int.class);
		this.pair.right.listeners.add("late", listener);
		assertThat(this.pair.left.call("late", 2, int.class)).isEqualTo(2);
		this.pair.right.listeners.remove("late", listener);
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.pair.left.call("late", 3, int.class));
	}

}
