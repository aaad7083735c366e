package io.ipcboot.docs.guide.sending;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.docs.guide.GuideTest;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.messaging.NoListenerException;
import io.ipcboot.messaging.PayloadConversionException;
import io.ipcboot.pool.WorkerLostException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The statements and samples of the page "Sending".
 */
@GuideTest
class SendingTests {

	private static final Order BOLTS = new Order("bolt", 10, LocalDate.of(2026, 12, 24));

	@Autowired
	private Prices prices;

	@Autowired
	private Broadcast broadcast;

	@Autowired
	private ChildProcessTemplate workers;

	@Test
	void aCallReturnsTheReply() {
		assertThat(this.prices.quote(BOLTS)).isEqualTo(new Quote("bolt", new BigDecimal("2.00")));
		assertThat(this.prices.quotes(List.of(BOLTS, BOLTS))).hasSize(2).first().isInstanceOf(Quote.class);
		assertThat(this.prices.total(BOLTS, BOLTS).join()).isEqualByComparingTo("4");
	}

	@Test
	void anEventIsSeenByACallAfterIt() {
		for (int price = 1; price <= 100; price++) {
			this.prices.priceChanged("nut", BigDecimal.valueOf(price));
		}
		assertThat(this.prices.quote(new Order("nut", 1, LocalDate.EPOCH)).price()).isEqualByComparingTo("100");
	}

	@Test
	void aMessageIsTaken() {
		int before = this.workers.call("audit-size", null, Integer.class);
		this.prices.note("one");
		this.workers.send("audit", "two").join();
		assertThat(this.workers.call("audit-size", null, Integer.class)).isEqualTo(before + 2);
	}

	@Test
	void aReplyNamesTheWorker() {
		assertThat(this.prices.render("Sales").toString()).matches("worker reports/0 \\(pid \\d+\\)");
	}

	@Test
	void everyFailureHasItsException() {
		assertThat(this.prices.tryQuote(BOLTS)).isEqualTo("2.00");
		assertThat(this.prices.tryQuote(new Order("rope", 1, LocalDate.EPOCH))).isEqualTo("refused: no price for rope");
		assertThatExceptionOfType(NoListenerException.class)
			.isThrownBy(() -> this.workers.call("nobody", null, Void.class));
		assertThatExceptionOfType(PayloadConversionException.class)
			.isThrownBy(() -> this.workers.call("audit-size", null, Order.class));
		assertThatExceptionOfType(WorkerLostException.class)
			.isThrownBy(() -> this.workers.call("crash", null, Void.class))
			.satisfies((ex) -> {
				assertThat(ex.getExit().code()).isEqualTo(42);
				assertThat(ex.mayHaveStarted()).isTrue();
			});
		assertThat(this.prices.tryQuote(BOLTS)).isEqualTo("2.00");
	}

	@Test
	void aMessageWithoutAListenerIsDeliveredAllTheSame() {
		assertThat(this.workers.send("nobody", "hello")).succeedsWithin(Duration.ofSeconds(30));
	}

	@Test
	void aDeadlineAndACancellationInterruptTheListener() {
		assertThatExceptionOfType(CallTimeoutException.class).isThrownBy(() -> this.workers.destination("simulate")
			.message(3600)
			.deadline(Duration.ofMillis(100))
			.call(Integer.class));
		CompletableFuture<Integer> simulation = this.prices.simulate(3600);
		this.prices.giveUp(simulation);
		assertThat(simulation).isCancelled();
		assertThatExceptionOfType(CancellationException.class).isThrownBy(simulation::join);
		// the one worker takes one message at a time, so both listeners have returned
		assertThat(this.prices.quote(BOLTS).article()).isEqualTo("bolt");
	}

	@Test
	void everyWorkerGetsABroadcast() {
		assertThat(this.broadcast.emit("price-changed", "screw", 3)).isEqualTo(this.workers.workers("default").size());
		assertThat(this.prices.quote(new Order("screw", 1, LocalDate.EPOCH)).price()).isEqualByComparingTo("3");
	}

	@Test
	void aProcessOfOnesOwnHasTheSameVerbs() {
		// tag::child[]
		ForkOptions options = ForkOptions.sameApplication().profiles("reports");
		try (ChildProcess child = this.workers.fork(options)) {
			child.emit("price-changed", "bolt", new BigDecimal("0.25"));
			Quote quote = child.call("quote", BOLTS, Quote.class); // <1>
			assertThat(quote.price()).isEqualByComparingTo("2.50");
		}
		// end::child[]
	}

}
