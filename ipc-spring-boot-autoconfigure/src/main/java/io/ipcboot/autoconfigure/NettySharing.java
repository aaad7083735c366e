package io.ipcboot.autoconfigure;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;

import io.ipcboot.server.SharedAcceptor;
import io.ipcboot.server.SharedAcceptors;
import io.ipcboot.server.SharedLoopResources;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpResources;
import reactor.netty.http.server.HttpServerConfig;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Gives Reactor Netty server channels that share their port with other processes.
 */
class NettySharing implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

	private final SharedAcceptors acceptors;

	private final ObjectProvider<ReactorResourceFactory> resources;

	NettySharing(SharedAcceptors acceptors, ObjectProvider<ReactorResourceFactory> resources) {
		this.acceptors = acceptors;
		this.resources = resources;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		if (factory.getPort() >= 0) {
			factory.addServerCustomizers((server) -> {
				factory.setResourceFactory(
						new SharingResourceFactory(this.resources.getIfAvailable(), acceptor(server.configuration())));
				return server;
			});
		}
	}

	/** Created before the server starts, as the parent then opens its sockets. */
	private SharedAcceptor acceptor(HttpServerConfig configuration) {
		return this.acceptors.create(() -> address(configuration),
				() -> (configuration.options().get(ChannelOption.SO_BACKLOG) instanceof Integer backlog) ? backlog
						: NetUtil.SOMAXCONN);
	}

	private static InetSocketAddress address(HttpServerConfig configuration) {
		Supplier<? extends SocketAddress> address = configuration.bindAddress();
		SocketAddress bound = (address != null) ? address.get() : null;
		if (bound == null) {
			return new InetSocketAddress(0);
		}
		if (bound instanceof InetSocketAddress internet) {
			return internet;
		}
		// a TCP port in its place would be open to others
		throw new InvalidConfigurationPropertyValueException("ipc.server.share", true,
				"The server listens on '%s', which cannot be shared with workers. Let it listen on a port"
					.formatted(bound));
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/** Owns nothing: the delegate is a bean with a life cycle of its own. */
	private static final class SharingResourceFactory extends ReactorResourceFactory {

		private final @Nullable ReactorResourceFactory delegate;

		private final SharedAcceptor acceptor;

		SharingResourceFactory(@Nullable ReactorResourceFactory delegate, SharedAcceptor acceptor) {
			this.delegate = delegate;
			this.acceptor = acceptor;
		}

		@Override
		public LoopResources getLoopResources() {
			LoopResources loops = (this.delegate != null) ? this.delegate.getLoopResources() : HttpResources.get();
			return new SharedLoopResources(loops, this.acceptor);
		}

	}

}
