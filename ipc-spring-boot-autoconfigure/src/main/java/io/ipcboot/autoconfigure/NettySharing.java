package io.ipcboot.autoconfigure;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.Supplier;

import io.ipcboot.server.ServerListener;
import io.ipcboot.server.ServerListeners;
import io.ipcboot.server.SharedLoopResources;
import io.netty.channel.ChannelOption;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpResources;
import reactor.netty.http.server.HttpServerConfig;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * Gives Reactor Netty server channels that accept on shared listeners.
 */
class NettySharing implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

	private final ServerListeners listeners;

	private final ObjectProvider<ReactorResourceFactory> resources;

	NettySharing(ServerListeners listeners, ObjectProvider<ReactorResourceFactory> resources) {
		this.listeners = listeners;
		this.resources = resources;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		if (factory.getPort() >= 0) {
			factory.addServerCustomizers((server) -> {
				factory.setResourceFactory(
						new SharingResourceFactory(this.resources.getIfAvailable(), listener(server.configuration())));
				return server;
			});
		}
	}

	/** Before the server starts: by then the parent has opened its listeners. */
	private ServerListener listener(HttpServerConfig configuration) {
		return this.listeners.create(() -> address(configuration),
				() -> (configuration.options().get(ChannelOption.SO_BACKLOG) instanceof Integer backlog) ? backlog
						: NetUtil.SOMAXCONN);
	}

	private static InetSocketAddress address(HttpServerConfig configuration) {
		Supplier<? extends SocketAddress> address = configuration.bindAddress();
		return (address != null && address.get() instanceof InetSocketAddress internet) ? internet
				: new InetSocketAddress(0);
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	/** Owns nothing; its delegate is a bean, and has its own life. */
	private static final class SharingResourceFactory extends ReactorResourceFactory {

		private final @Nullable ReactorResourceFactory delegate;

		private final ServerListener listener;

		SharingResourceFactory(@Nullable ReactorResourceFactory delegate, ServerListener listener) {
			this.delegate = delegate;
			this.listener = listener;
		}

		@Override
		public LoopResources getLoopResources() {
			LoopResources loops = (this.delegate != null) ? this.delegate.getLoopResources() : HttpResources.get();
			return new SharedLoopResources(loops, this.listener);
		}

	}

}
