package io.ipcboot.messaging;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class FailureLogTests {

	@Test
	void whatFailuresQuoteForgesNoLineOfTheLog(CapturedOutput output) {
		FailureLog log = new FailureLog();
		IllegalStateException failure = new IllegalStateException("harmless",
				new IllegalArgumentException("no number: 'x\r\n2026-01-01 INFO all is well\u001b[2J'"));
		failure.addSuppressed(new IllegalStateException("1\n2026-01-02 INFO all is well"));
		log.error("a problem of quotes", failure);
		log.warn("another problem of quotes", new IllegalStateException("2\n2026-01-03 INFO all is well"));
		assertThat(output.getOut().lines()).noneMatch((line) -> line.startsWith("2026-01-0"));
		assertThat(output.getOut()).doesNotContain("\u001b[2J")
			.contains("a problem of quotes: java.lang.IllegalStateException: harmless")
			.contains("no number: 'x\\u000d")
			.contains("2026-01-01 INFO all is well\\u001b[2J")
			.contains("at " + FailureLogTests.class.getName() + ".whatFailuresQuoteForgesNoLineOfTheLog(");
	}

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
