package io.ipcboot.server;

import java.io.IOException;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Marks, counts and limits the requests of a servlet application.
 */
public final class ServletRequestFilter implements Filter {

	private final ServedRequests requests;

	/**
	 * Create a filter.
	 * @param requests what this process does to every request
	 */
	public ServletRequestFilter(ServedRequests requests) {
		this.requests = requests;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		request.setAttribute(ServedRequests.PROCESS, this.requests.identity());
		if (response instanceof HttpServletResponse answer) {
			String header = this.requests.header();
			if (header != null) {
				answer.setHeader(header, this.requests.identity());
			}
			if (this.requests.isLast(request.getProtocol(), upgrade(request))) {
				answer.setHeader("Connection", "close");
			}
		}
		RequestLimits.Request served = this.requests.limits().begin(describe(request));
		try {
			chain.doFilter(request, response);
		}
		finally {
			if (request.isAsyncStarted()) {
				request.getAsyncContext().addListener(new End(served));
			}
			else {
				served.end();
			}
		}
	}

	private static @Nullable String upgrade(ServletRequest request) {
		return (request instanceof HttpServletRequest http) ? http.getHeader("Upgrade") : null;
	}

	private static String describe(ServletRequest request) {
		return (request instanceof HttpServletRequest http) ? http.getMethod() + " " + http.getRequestURI()
				: request.getProtocol();
	}

	/** The end of a request that goes on after its thread has returned. */
	private record End(RequestLimits.Request served) implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
			this.served.end();
		}

		@Override
		public void onTimeout(AsyncEvent event) {
			// followed by the completion
		}

		@Override
		public void onError(AsyncEvent event) {
			// followed by the completion
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
			event.getAsyncContext().addListener(this);
		}

	}

}
