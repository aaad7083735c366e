package io.ipcboot.server;

import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;

/**
 * Marks, counts and limits the requests of a reactive application.
 */
public final class ReactiveRequestFilter implements WebFilter, Ordered {

	private final ServedRequests requests;

	/**
	 * Create a filter.
	 * @param requests what this process does to every request
	 */
	public ReactiveRequestFilter(ServedRequests requests) {
		this.requests = requests;
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		exchange.getAttributes().put(ServedRequests.PROCESS, this.requests.identity());
		HttpHeaders headers = exchange.getResponse().getHeaders();
		String header = this.requests.header();
		if (header != null) {
			headers.set(header, this.requests.identity());
		}
		// the server removes this header in HTTP/2
		if (this.requests.isLast("HTTP/1.1", exchange.getRequest().getHeaders().getUpgrade())) {
			headers.setConnection("close");
		}
		RequestLimits.Request served = this.requests.limits()
			.begin(exchange.getRequest().getMethod() + " " + exchange.getRequest().getPath());
		return chain.filter(exchange).doFinally((signal) -> served.end());
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
