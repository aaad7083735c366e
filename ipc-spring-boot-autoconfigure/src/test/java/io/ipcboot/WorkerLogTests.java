package io.ipcboot;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.ipcboot.process.LoggedEvent;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class WorkerLogTests {

	private static final String LOGGER = "com.example.WorkerLogTests";

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
	void anEventNamesNoOtherWorkerAndForgesNoLine() {
		WorkerLog log = new WorkerLog("spare", null, this.dropped::incrementAndGet);
		log.rename("orders/3");
		ILoggingEvent logged = logged(() -> log
			.accept(line(log, "WARN", Map.of("ipc.pool", "other", "ipc", "x", "ipc.more", "x", "traceId", "47\n11"),
					"Failed: a\n2026 ERROR forged\u001b[2J\n\tat a.b.C.m(C.java:12)\n2026 ERROR forged")))
			.get(0);
		assertThat(logged.getLevel()).isEqualTo(Level.WARN);
		assertThat(logged.getThreadName()).isEqualTo("a-thread\\u000a");
		assertThat(logged.getInstant()).isEqualTo(Instant.EPOCH);
		assertThat(logged.getFormattedMessage()).isEqualTo("[orders/3 4713] one {}\n\t2026 ERROR two\\u000d\\u001b[2J");
		assertThat(logged.getMDCPropertyMap())
			.isEqualTo(Map.of("ipc.pool", "orders", "ipc.slot", "3", "ipc.pid", "4713", "traceId", "47\\u000a11"));
		assertThat(logged.getThrowableProxy().getClassName()).isEqualTo("Failed");
		assertThat(ThrowableProxyUtil.asString(logged.getThrowableProxy()).lines().skip(1)).isNotEmpty()
			.allMatch((line) -> line.startsWith("\t"))
			.noneMatch((line) -> line.contains("\u001b"));
	}

	@Test
	void whatTheLevelsOfThisProcessLeaveOutTakesNoRoom() {
		WorkerLog log = new WorkerLog("orders/4", DataSize.ofKilobytes(1), this.dropped::incrementAndGet);
		List<ILoggingEvent> logged = logged(() -> {
			for (int i = 0; i < 10_000; i++) {
				log.accept(line(log, "TRACE", Map.of(), ""));
			}
			log.accept(line(log, "ERROR", Map.of(), ""));
		});
		assertThat(logged).singleElement().satisfies((event) -> assertThat(event.getThrowableProxy()).isNull());
	}

	@Test
	void eventsBeyondTheLimitAreCountedAndDropped(CapturedOutput output) {
		WorkerLog log = new WorkerLog("orders/5", DataSize.ofKilobytes(1), this.dropped::incrementAndGet);
		List<ILoggingEvent> logged = logged(() -> {
			for (int i = 0; i < 1000; i++) {
				log.accept(line(log, "INFO", Map.of(), "E: " + "x".repeat(1000)));
			}
			Awaitility.await().until(() -> {
				log.accept(new ProcessOutput.Line(4713, "x", false));
				return output.getOut().contains("lines were dropped because");
			});
		});
		assertThat(logged).hasSizeBetween(1, 500);
	}

	@Test
	void otherLoggingSystemsGetTheContextAndTheThread() {
		EventLog events = new EventLog.AnyEventLog();
		ILoggingEvent logged = logged(() -> events.log(new LoggedEvent(Instant.EPOCH, "ERROR", LOGGER, "a-thread",
				"message", Map.of("traceId", "4711"), "a.b.Failed: why\n\tat a.b.C.m(C.java:12)")))
			.get(0);
		assertThat(logged.getLevel()).isEqualTo(Level.ERROR);
		assertThat(logged.getMDCPropertyMap()).isEqualTo(Map.of("traceId", "4711", "ipc.thread", "a-thread"));
		assertThat(ThrowableProxyUtil.asString(logged.getThrowableProxy()))
			.startsWith("a.b.Failed: why" + System.lineSeparator() + "\tat a.b.C.m(C.java:12)");
		assertThat(MDC.getCopyOfContextMap()).isNullOrEmpty();
	}

	private static ProcessOutput.Line line(WorkerLog log, String level, Map<String, String> context, String stack) {
		byte[] line = new LoggedEvent(Instant.EPOCH, level, LOGGER, "a-thread\n", "one {}\n2026 ERROR two\r\u001b[2J",
				context, stack)
			.toLine(log.marker());
		return new ProcessOutput.Line(4713, new String(line, 0, line.length - 1, StandardCharsets.UTF_8), false);
	}

	private static List<ILoggingEvent> logged(Runnable code) {
		Logger logger = (Logger) LoggerFactory.getLogger(LOGGER);
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		logger.addAppender(appender);
		try {
			code.run();
		}
		finally {
			logger.detachAppender(appender);
		}
		return appender.list;
	}

	@Test
	void whatIsLongerThanAllThatCanBeSavedMakesDebts() {
		AtomicLong time = new AtomicLong();
		OutputBudget budget = new OutputBudget(1000, time::get);
		assertThat(budget.spend(10_000)).isTrue();
		time.addAndGet(9_000_000_000L);
		assertThat(budget.spend(10_000)).isFalse();
		time.addAndGet(1_000_000_000L);
		assertThat(budget.spend(10_000)).isTrue();
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
