package io.ipcboot.server.http;

import io.ipcboot.server.SharedHttp11Protocol;
import org.apache.catalina.connector.Connector;
import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A web server that listens on two ports.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("test.second-connector")
class SecondConnector {

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> secondTomcatConnector() {
		return (factory) -> {
			Connector connector = new Connector(SharedHttp11Protocol.class.getName());
			connector.setPort(0);
			factory.addAdditionalConnectors(connector);
		};
	}

	@Bean
	WebServerFactoryCustomizer<JettyServletWebServerFactory> secondJettyConnector() {
		return (factory) -> factory.addServerCustomizers((server) -> server.addConnector(new ServerConnector(server)));
	}

	/** The port of the connector that is not the server's first one. */
	static int port(WebServer server) {
		if (server instanceof JettyWebServer jetty) {
			return ((ServerConnector) jetty.getServer().getConnectors()[1]).getLocalPort();
		}
		return ((TomcatWebServer) server).getTomcat().getService().findConnectors()[1].getLocalPort();
	}

}
