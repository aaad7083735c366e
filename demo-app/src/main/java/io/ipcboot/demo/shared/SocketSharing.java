package io.ipcboot.demo.shared;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

import io.ipcboot.IpcRole;
import io.ipcboot.WorkerReadyEvent;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.demo.DemoProperties;
import io.ipcboot.demo.TcpAcceptor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Opens the port in the parent, and sends the server socket to every worker, including
 * those that replace a dead one.
 */
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
public class SocketSharing {

	private static final Log logger = LogFactory.getLog(SocketSharing.class);

	private final PidServer server;

	private final ServerSocketChannel socket;

	SocketSharing(PidServer server, DemoProperties properties) throws IOException {
		this.server = server;
		this.socket = TcpAcceptor.open(properties.sharedPort());
	}

	public int port() {
		return this.socket.socket().getLocalPort();
	}

	@EventListener(ApplicationStartedEvent.class)
	void serveInParent() {
		this.server.serve(this.socket);
	}

	@EventListener
	void serveInWorker(WorkerReadyEvent event) {
		event.getProcess().destination("listener").handle(this.socket).send().exceptionally((ex) -> {
			logger.warn(event.getWorker() + " has not taken the server socket", ex);
			return null;
		});
	}

}
