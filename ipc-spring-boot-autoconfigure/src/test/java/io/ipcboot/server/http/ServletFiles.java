package io.ipcboot.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/**
 * The ways in which a servlet application sends large files.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class ServletFiles {

	@Bean
	ServletRegistrationBean<HttpServlet> sendfileServlet() {
		return new ServletRegistrationBean<>(new SendfileServlet(), "/sendfile");
	}

	@RestController
	static class Streamed {

		@GetMapping("/streamed")
		StreamingResponseBody stream(@RequestParam Path path) {
			return (out) -> Files.copy(path, out);
		}

	}

	/** Uses Tomcat's sendfile as Tomcat's own servlet for static files does. */
	private static final class SendfileServlet extends HttpServlet {

		private static final long serialVersionUID = 1L;

		@Override
		protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
			Path file = Path.of(request.getParameter("path"));
			long size = Files.size(file);
			response.setContentLengthLong(size);
			if (Boolean.TRUE.equals(request.getAttribute("org.apache.tomcat.sendfile.support"))) {
				request.setAttribute("org.apache.tomcat.sendfile.filename", file.toString());
				request.setAttribute("org.apache.tomcat.sendfile.start", 0L);
				request.setAttribute("org.apache.tomcat.sendfile.end", size);
			}
			else {
				Files.copy(file, response.getOutputStream());
			}
		}

	}

}
