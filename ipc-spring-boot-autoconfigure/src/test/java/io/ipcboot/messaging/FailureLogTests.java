package io.ipcboot.messaging;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class FailureLogTests {

	@Test
	void aPeerThatMakesListenersFailAgainAndAgainDoesNotFillTheLog(CapturedOutput output) {
		FailureLog log = new FailureLog();
		for (int i = 1; i <= 100 * FailureLog.LIMIT; i++) {
			log.error("problem %d of many".formatted(i), new IllegalStateException("cause " + i));
		}
		assertThat(output.getAll().lines().filter((line) -> line.contains("of many"))).hasSize(FailureLog.LIMIT);
		assertThat(output).contains("cause " + (FailureLog.LIMIT - 1))
			.contains("problem %d of many: ".formatted(FailureLog.LIMIT))
			.contains("are not logged");
	}

}
