package io.ipcboot.docs.guide.handles;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

import io.ipcboot.IpcListener;
import io.ipcboot.ParentProcess;
import io.ipcboot.handle.Handle;

import org.springframework.stereotype.Component;

/**
 * The worker's side of the page "Handles".
 */
@Component
class Connections {

	// tag::connection[]
	@IpcListener("connection")
	void serve(Greeting greeting, SocketChannel connection) throws IOException { // <1>
		try (connection) { // <2>
			connection.write(StandardCharsets.UTF_8.encode(greeting.text()));
		}
	}
	// end::connection[]

	// tag::listener[]
	@IpcListener("listen")
	void listen(ServerSocketChannel server) {
		Thread acceptor = new Thread(() -> acceptAll(server)); // <1>
		acceptor.setDaemon(true);
		acceptor.start();
	}

	private static void acceptAll(ServerSocketChannel server) {
		try (server) {
			while (true) {
				try (SocketChannel connection = server.accept()) {
					connection.write(StandardCharsets.UTF_8.encode("worker"));
				}
			}
		}
		catch (IOException ex) {
			// the listening socket is closed
		}
	}
	// end::listener[]

	// tag::file[]
	@IpcListener("count-lines")
	long countLines(FileInputStream file) throws IOException {
		try (file) {
			return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().count();
		}
	}
	// end::file[]

	@IpcListener("file-size")
	long size(FileChannel file) throws IOException {
		try (file) {
			return file.size();
		}
	}

	// tag::pipe[]
	@IpcListener("export")
	void export(int rows, OutputStream sink) throws IOException {
		try (sink) {
			for (int row = 1; row <= rows; row++) {
				sink.write(("row " + row + "\n").getBytes(StandardCharsets.UTF_8));
			}
		}
	}
	// end::pipe[]

	@IpcListener("echo-datagram")
	void echo(DatagramChannel socket) throws IOException {
		try (socket) {
			ByteBuffer buffer = ByteBuffer.allocate(100);
			var sender = socket.receive(buffer);
			socket.send(buffer.flip(), sender);
		}
	}

	// tag::selector[]
	@IpcListener("select")
	void select(SocketChannel connection) throws IOException {
		try (connection; Selector selector = Selector.open()) {
			connection.configureBlocking(false);
			connection.register(selector, SelectionKey.OP_READ);
			selector.select();
			ByteBuffer buffer = ByteBuffer.allocate(100);
			connection.read(buffer);
			connection.write(buffer.flip());
		}
	}
	// end::selector[]

	// tag::forward[]
	@IpcListener("give-back")
	void giveBack(Handle handle, ParentProcess parent) {
		parent.destination("returned").handle(handle).send();
	}
	// end::forward[]

}
