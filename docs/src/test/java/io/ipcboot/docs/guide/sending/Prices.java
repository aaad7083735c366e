package io.ipcboot.docs.guide.sending;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.messaging.RemoteHandlerException;
import io.ipcboot.messaging.Reply;
import io.ipcboot.pool.WorkerLostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.stereotype.Service;

/**
 * The parent's side of the page "Sending".
 */
@Service
class Prices {

	private static final Logger logger = LoggerFactory.getLogger(Prices.class);

	private final ChildProcessTemplate workers;

	Prices(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	// tag::call[]
	Quote quote(Order order) {
		return this.workers.call("quote", order, Quote.class);
	}
	// end::call[]

	// tag::generic[]
	List<Quote> quotes(List<Order> orders) {
		return this.workers.call("quotes", orders, new ParameterizedTypeReference<>() {
		});
	}
	// end::generic[]

	// tag::async[]
	CompletableFuture<BigDecimal> total(Order first, Order second) {
		CompletableFuture<Quote> one = this.workers.callAsync("quote", first, Quote.class);
		CompletableFuture<Quote> two = this.workers.callAsync("quote", second, Quote.class);
		return one.thenCombine(two, (a, b) -> a.price().add(b.price()));
	}
	// end::async[]

	// tag::send[]
	void note(String entry) {
		this.workers.send("audit", entry).whenComplete((nothing, ex) -> { // <1>
			if (ex != null) {
				logger.warn("not noted: {}", entry, ex);
			}
		});
	}
	// end::send[]

	// tag::emit[]
	void priceChanged(String article, BigDecimal price) {
		this.workers.emit("price-changed", article, price);
	}
	// end::emit[]

	// tag::spec[]
	PeerId render(String title) {
		Reply<String> reply = this.workers.to("reports") // <1>
			.destination("render")
			.message(title)
			.header("tenant", "acme") // <2>
			.deadline(Duration.ofSeconds(5)) // <3>
			.callForReply(String.class); // <4>
		return reply.from();
	}
	// end::spec[]

	// tag::cancel[]
	CompletableFuture<Integer> simulate(int seconds) {
		return this.workers.callAsync("simulate", seconds, Integer.class);
	}

	void giveUp(CompletableFuture<Integer> simulation) {
		simulation.cancel(true); // <1>
	}
	// end::cancel[]

	// tag::errors[]
	String tryQuote(Order order) {
		try {
			return this.workers.call("quote", order, Quote.class).price().toString();
		}
		catch (RemoteHandlerException ex) { // <1>
			return "refused: " + ex.getRemoteMessage();
		}
		catch (CallTimeoutException ex) { // <2>
			return "too slow";
		}
		catch (WorkerLostException ex) { // <3>
			return ex.mayHaveStarted() ? "perhaps done" : "not done";
		}
		catch (IpcException ex) { // <4>
			return "not sent: " + ex.getMessage();
		}
	}
	// end::errors[]

}
