package io.ipcboot.demo.handoff;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskExecutor;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

/**
 * Talks to clients in a worker, directly on the connections that the parent has handed
 * over.
 */
@Component
@ConditionalOnIpcRole(IpcRole.WORKER)
class ConnectionListener {

	private static final Log logger = LogFactory.getLog(ConnectionListener.class);

	private final TaskExecutor conversations = new SimpleAsyncTaskExecutor("conversation-");

	/** Returns at once, as the worker takes no connection before this method returns. */
	@IpcListener("connection")
	void serve(@Payload Visitor visitor, SocketChannel connection) {
		this.conversations.execute(() -> {
			try (connection) {
				converse(visitor, connection);
			}
			catch (IOException ex) {
				logger.debug("A client has disconnected", ex);
			}
		});
	}

	private static void converse(Visitor visitor, SocketChannel connection) throws IOException {
		BufferedReader in = new BufferedReader(Channels.newReader(connection, StandardCharsets.UTF_8));
		PrintWriter out = new PrintWriter(Channels.newWriter(connection, StandardCharsets.UTF_8), true);
		String name = "%s worker %d".formatted(visitor.pool(), ProcessHandle.current().pid());
		out.println("Welcome, %s. This is %s; say something, or 'quit'.".formatted(visitor.address(), name));
		String line = in.readLine();
		while (line != null && !line.equals("quit")) {
			out.println("%s heard: %s".formatted(name, line));
			line = in.readLine();
		}
	}

}
