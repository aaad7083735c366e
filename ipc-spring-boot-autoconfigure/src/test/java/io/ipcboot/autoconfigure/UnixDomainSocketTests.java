package io.ipcboot.autoconfigure;

import java.nio.file.Path;

import io.ipcboot.server.ParentSockets;
import io.ipcboot.server.ServerDeparture;
import io.netty.channel.unix.DomainSocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServer;
import org.springframework.http.client.ReactorResourceFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server that listens on a path never listens on a port instead.
 */
class UnixDomainSocketTests {

	@TempDir
	private Path directory;

	private final ParentSockets sockets = new ParentSockets(new ServerDeparture(), true);

	@AfterEach
	void close() {
		this.sockets.close();
	}

	@Test
	void aConnectorOfTomcatIsRefused() {
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory(0);
		new TomcatSharing(this.sockets).customize(factory);
		factory.addConnectorCustomizers((connector) -> connector.setProperty("unixDomainSocketPath", path()));
		assertIsRefused(factory.getWebServer());
	}

	@Test
	void aServerOfNettyIsRefused() {
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory(0);
		factory.addServerCustomizers((server) -> server.bindAddress(() -> new DomainSocketAddress(path())));
		new NettySharing(this.sockets, new DefaultListableBeanFactory().getBeanProvider(ReactorResourceFactory.class))
			.customize(factory);
		assertIsRefused(factory.getWebServer((request, response) -> Mono.empty()));
	}

	private void assertIsRefused(WebServer server) {
		try {
			assertThatExceptionOfType(InvalidConfigurationPropertyValueException.class).isThrownBy(this.sockets::open)
				.satisfies((ex) -> assertThat(ex.getName()).isEqualTo("ipc.server.share"))
				.satisfies((ex) -> assertThat(ex.getReason()).contains(path(), "cannot be shared with workers"));
		}
		finally {
			server.destroy();
		}
	}

	private String path() {
		return this.directory.resolve("socket").toString();
	}

}
