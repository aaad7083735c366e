package io.ipcboot.server.http;

import java.util.List;

/**
 * The web servers, all of which are on the class path of the tests.
 */
enum ServerKind {

	TOMCAT("servlet", "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration"),

	JETTY("servlet", "org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration"),

	NETTY("reactive", "org.springframework.boot.tomcat.autoconfigure.reactive.TomcatReactiveWebServerAutoConfiguration,"
			+ "org.springframework.boot.jetty.autoconfigure.reactive.JettyReactiveWebServerAutoConfiguration");

	private final String type;

	private final String excluded;

	ServerKind(String type, String excluded) {
		this.type = type;
		this.excluded = excluded;
	}

	List<String> arguments() {
		return List.of("--spring.main.web-application-type=" + this.type,
				"--spring.autoconfigure.exclude=" + this.excluded);
	}

}
