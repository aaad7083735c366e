package io.ipcboot.demo.handoff;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.demo.DemoProperties;
import io.ipcboot.demo.TcpAcceptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Accepts connections in the parent and hands each to a pool. The rule looks at the
 * client's address: bytes that the parent read from the connection would be lost to the
 * worker.
 */
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
public class ConnectionRouter {

	private static final Log logger = LogFactory.getLog(ConnectionRouter.class);

	private static final String SPECIAL_ADDRESS = "127.0.0.2";

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	private final ChildProcessTemplate workers;

	private final ServerSocketChannel socket;

	ConnectionRouter(ChildProcessTemplate workers, DemoProperties properties) throws IOException {
		this.workers = workers;
		this.socket = TcpAcceptor.open(properties.handoffPort());
	}

	public int port() {
		return this.socket.socket().getLocalPort();
	}

	@EventListener(ApplicationStartedEvent.class)
	void start() {
		TcpAcceptor.accept(this.socket, this::handOver);
	}

	@EventListener(ContextClosedEvent.class)
	void stop() throws IOException {
		this.socket.close();
	}

	/** Closes the parent's copy; the connection stays open in the worker. */
	private void handOver(SocketChannel connection) {
		String address = connection.socket().getInetAddress().getHostAddress();
		String pool = address.equals(SPECIAL_ADDRESS) ? "special" : "normal";
		this.workers.to(pool)
			.destination("connection")
			.message(new Visitor(address, pool))
			.handle(connection)
			.deadline(DEADLINE)
			.send()
			.exceptionally((ex) -> {
				logger.warn("No worker of pool '" + pool + "' has taken a connection from " + address, ex);
				return null;
			});
	}

}
