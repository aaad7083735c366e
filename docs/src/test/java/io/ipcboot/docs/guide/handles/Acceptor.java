package io.ipcboot.docs.guide.handles;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.DatagramSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.handle.IpcPipe;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Service;

/**
 * The parent's side of the page "Handles".
 */
@Service
class Acceptor {

	private static final Logger logger = LoggerFactory.getLogger(Acceptor.class);

	private final ChildProcessTemplate workers;

	Acceptor(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	// tag::connection[]
	void acceptOne(ServerSocketChannel server) throws IOException {
		SocketChannel connection = server.accept();
		this.workers.destination("connection")
			.message(new Greeting("hello from a worker")) // <1>
			.handle(connection) // <2>
			.send()
			.whenComplete((nothing, ex) -> { // <3>
				if (ex != null) {
					logger.warn("nobody took the connection", ex);
				}
			});
	}
	// end::connection[]

	// tag::keep-open[]
	void acceptAndKeep(ServerSocketChannel server) throws IOException {
		try (SocketChannel connection = server.accept()) { // <1>
			this.workers.destination("connection")
				.message(new Greeting("hello from a worker"))
				.handle(connection)
				.keepOpen() // <2>
				.send()
				.join(); // <3>
			connection.write(StandardCharsets.UTF_8.encode(", and from the parent"));
		}
	}
	// end::keep-open[]

	// tag::listener[]
	void share(ServerSocketChannel server) {
		this.workers.destination("listen").handle(server).send().join(); // <1>
	}
	// end::listener[]

	// tag::file[]
	long countLines(Path path) throws IOException {
		return this.workers.destination("count-lines")
			.handle(new FileInputStream(path.toFile())) // <1>
			.call(Long.class);
	}
	// end::file[]

	// tag::pipe[]
	List<String> export(int rows) throws IOException {
		try (IpcPipe pipe = IpcPipe.open(); BufferedReader reader = reader(pipe.source())) {
			this.workers.destination("export").message(rows).handle(pipe.sink()).send(); // <1>
			return reader.lines().toList(); // <2>
		}
	}
	// end::pipe[]

	private static BufferedReader reader(InputStream input) {
		return new BufferedReader(new InputStreamReader(input, StandardCharsets.UTF_8));
	}

	void echo(DatagramSocket socket) {
		this.workers.destination("echo-datagram").handle(socket).send().join();
	}

}
