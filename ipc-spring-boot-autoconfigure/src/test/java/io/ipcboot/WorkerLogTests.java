package io.ipcboot;

import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class WorkerLogTests {

	private final AtomicLong dropped = new AtomicLong();

	@Test
	void emptyLinesAreNotFree(CapturedOutput output) {
		WorkerLog log = new WorkerLog("flood/0", DataSize.ofKilobytes(1), this.dropped::incrementAndGet);
		for (int i = 0; i < 100_000; i++) {
			log.accept(new ProcessOutput.Line(4711, "", false));
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("[flood/0 4711]")).count()).isBetween(1L,
				10_000L);
		assertThat(this.dropped.get()).isBetween(80_000L, 99_999L);
	}

	@Test
	void aLineForgesNoOtherLineAndControlsNoTerminal(CapturedOutput output) {
		WorkerLog log = new WorkerLog("forger/0", null, this.dropped::incrementAndGet);
		log.accept(new ProcessOutput.Line(4712,
				"a\r2026-01-01 INFO all is well\u001b[2J\u009b1mb\u2028c\u202ed\ttab\u0000\u007f", false));
		assertThat(output.getOut().lines().filter((line) -> line.contains("[forger/0 4712]"))).singleElement()
			.asString()
			.endsWith("a\\u000d2026-01-01 INFO all is well\\u001b[2J\\u009b1mb\\u2028c\\u202ed\ttab\\u0000\\u007f");
	}

	@Test
	void whatIsSavedCanBeSpentAndNoMore() {
		AtomicLong time = new AtomicLong();
		OutputBudget budget = new OutputBudget(1000, time::get);
		assertThat(budget.spend(4000)).isTrue();
		assertThat(budget.spend(1)).isFalse();
		time.addAndGet(500_000_000);
		assertThat(budget.spend(500)).isTrue();
		assertThat(budget.spend(1)).isFalse();
		assertThat(budget.takeDropped()).isEqualTo(2);
		assertThat(budget.takeDropped()).isZero();
	}

}
