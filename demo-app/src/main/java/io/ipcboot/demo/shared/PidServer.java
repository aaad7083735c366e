package io.ipcboot.demo.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.demo.TcpAcceptor;

import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Answers every connection with the id of this process, the same way in parent and
 * workers.
 */
@Component
class PidServer {

	private final List<ServerSocketChannel> sockets = new CopyOnWriteArrayList<>();

	private final String answer;

	PidServer(IpcRole role) {
		this.answer = "%s %d%n".formatted((role == IpcRole.PARENT) ? "parent" : "worker",
				ProcessHandle.current().pid());
	}

	@IpcListener("listener")
	void serve(ServerSocketChannel socket) {
		this.sockets.add(socket);
		TcpAcceptor.accept(socket, this::answer);
	}

	private void answer(SocketChannel client) {
		try (client) {
			client.write(StandardCharsets.UTF_8.encode(this.answer));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Closes the copies of this process only; other processes still accept. */
	@EventListener(ContextClosedEvent.class)
	void stop() throws IOException {
		for (ServerSocketChannel socket : this.sockets) {
			socket.close();
		}
	}

}
