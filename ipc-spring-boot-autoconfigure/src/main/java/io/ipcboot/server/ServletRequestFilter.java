package io.ipcboot.server;

import java.io.IOException;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;

/**
 * Looks after the requests of a servlet application.
 */
public final class ServletRequestFilter implements Filter {

	private final ServedRequests requests;

	/**
	 * Create a filter.
	 * @param requests what to do
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
			if (this.requests.isLast(request.getProtocol())) {
				answer.setHeader("Connection", "close");
			}
		}
		chain.doFilter(request, response);
	}

}
