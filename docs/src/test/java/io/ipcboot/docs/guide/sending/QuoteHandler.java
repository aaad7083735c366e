package io.ipcboot.docs.guide.sending;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.ipcboot.IpcListener;

import org.springframework.messaging.handler.annotation.Header;
import org.springframework.stereotype.Component;

/**
 * The worker's side of the page "Sending".
 */
@Component
class QuoteHandler {

	private final Map<String, BigDecimal> prices = new ConcurrentHashMap<>(Map.of("bolt", new BigDecimal("0.20")));

	private final List<String> audit = new ArrayList<>();

	// tag::handler[]
	@IpcListener("quote")
	Quote quote(Order order) {
		BigDecimal price = this.prices.get(order.article());
		if (price == null) {
			throw new IllegalArgumentException("no price for " + order.article());
		}
		return new Quote(order.article(), price.multiply(BigDecimal.valueOf(order.amount())));
	}
	// end::handler[]

	@IpcListener("quotes")
	List<Quote> quotes(List<Order> orders) {
		return orders.stream().map(this::quote).toList();
	}

	@IpcListener("price-changed")
	void priceChanged(String article, BigDecimal price) {
		this.prices.put(article, price);
	}

	@IpcListener("audit")
	void audit(String entry) {
		this.audit.add(entry);
	}

	@IpcListener("audit-size")
	int auditSize() {
		return this.audit.size();
	}

	@IpcListener("render")
	String render(String title, @Header("tenant") String tenant) {
		return title + " for " + tenant;
	}

	// tag::interrupted[]
	@IpcListener("simulate")
	int simulate(int seconds) throws InterruptedException {
		TimeUnit.SECONDS.sleep(seconds);
		return seconds;
	}
	// end::interrupted[]

	@IpcListener("crash")
	void crash() {
		Runtime.getRuntime().halt(42);
	}

}
