package io.ipcboot.demo.shared;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;

import io.ipcboot.IpcRole;
import io.ipcboot.WorkerReadyEvent;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import io.ipcboot.demo.DemoProperties;
import io.ipcboot.demo.TcpListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Opens the port in the parent, and sends the listener to every worker, also to those
 * that replace a dead one.
 */
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
public class ListenerSharing {

	private static final Log logger = LogFactory.getLog(ListenerSharing.class);

	private final PidServer server;

	private final ServerSocketChannel listener;

	ListenerSharing(PidServer server, DemoProperties properties) throws IOException {
		this.server = server;
		this.listener = TcpListener.open(properties.sharedPort());
	}

	public int port() {
		return this.listener.socket().getLocalPort();
	}

	@EventListener(ApplicationStartedEvent.class)
	void serveInParent() {
		this.server.serve(this.listener);
	}

	@EventListener
	void serveInWorker(WorkerReadyEvent event) {
		event.getProcess().destination("listener").handle(this.listener).send().exceptionally((ex) -> {
			logger.warn(event.getWorker() + " has not taken the listener", ex);
			return null;
		});
	}

}
