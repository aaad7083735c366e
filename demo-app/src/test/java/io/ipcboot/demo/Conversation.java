package io.ipcboot.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client's side of a connection, as with {@code nc}.
 */
final class Conversation implements AutoCloseable {

	private static final Pattern WORKER = Pattern.compile("(\\w+) worker (\\d+)");

	private final Socket socket;

	private final BufferedReader in;

	private final PrintWriter out;

	Conversation(Socket socket) throws IOException {
		this.socket = socket;
		this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
		this.out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8);
	}

	int localPort() {
		return this.socket.getLocalPort();
	}

	int remotePort() {
		return this.socket.getPort();
	}

	void say(String line) {
		this.out.println(line);
	}

	@Nullable String hear() throws IOException {
		return this.in.readLine();
	}

	/** Read the next line, and return the process that has written it. */
	Worker hearWorker() throws IOException {
		String line = hear();
		assertThat(line).isNotNull();
		Matcher matcher = WORKER.matcher(line);
		assertThat(matcher.find()).as(line).isTrue();
		return new Worker(matcher.group(1), Long.parseLong(matcher.group(2)));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	record Worker(String pool, long pid) {

	}

}
