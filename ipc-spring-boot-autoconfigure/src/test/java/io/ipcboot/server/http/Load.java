package io.ipcboot.server.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that ask for the pid again and again and, unlike a library, try nothing twice.
 */
final class Load implements AutoCloseable {

	private static final byte[] REQUEST = "GET /pid HTTP/1.1\r\nHost: localhost\r\n\r\n"
		.getBytes(StandardCharsets.US_ASCII);

	/** Four clients make as many connections as in S36: 200 a second. */
	private static final Duration PAUSE = Duration.ofMillis(20);

	/**
	 * Milliseconds; a service that starts on a busy machine answers late, but it does.
	 */
	private static final int PATIENCE = 90_000;

	final Map<String, LongAdder> answers = new ConcurrentHashMap<>();

	/** Who answers the clients that keep their connection, by their names. */
	final Map<String, String> kept = new ConcurrentHashMap<>();

	final Queue<String> failures = new ConcurrentLinkedQueue<>();

	/** Who had answered before on the connections that were lost. */
	final Queue<String> deserters = new ConcurrentLinkedQueue<>();

	final AtomicLong lastResponses = new AtomicLong();

	private final List<Thread> clients = new ArrayList<>();

	private final int port;

	private volatile boolean running = true;

	private Load(int port, int keepAlive, int newConnections) {
		this.port = port;
		for (int i = 0; i < keepAlive + newConnections; i++) {
			boolean kept = i < keepAlive;
			Thread client = new Thread(() -> run(kept), "load-" + i);
			client.start();
			this.clients.add(client);
		}
	}

	/**
	 * Start to ask.
	 * @param port the port
	 * @param keepAlive how many clients keep their connection
	 * @param newConnections how many clients open one for every request
	 */
	static Load start(int port, int keepAlive, int newConnections) {
		return new Load(port, keepAlive, newConnections);
	}

	long total() {
		return this.answers.values().stream().mapToLong(LongAdder::sum).sum();
	}

	private void run(boolean kept) {
		while (this.running) {
			String answeredBy = null;
			try (Socket socket = new Socket()) {
				socket.setSoTimeout(PATIENCE);
				socket.setTcpNoDelay(true);
				socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), PATIENCE);
				InputStream in = new BufferedInputStream(socket.getInputStream());
				boolean last = false;
				while (this.running && !last) {
					socket.getOutputStream().write(REQUEST);
					Answer answer = read(in);
					answeredBy = answer.pid;
					if (kept) {
						this.kept.put(Thread.currentThread().getName(), answer.pid);
					}
					last = answer.last || !kept;
					LockSupport.parkNanos(PAUSE.toNanos());
				}
			}
			catch (IOException ex) {
				this.failures.add(System.nanoTime() + " " + (kept ? "kept" : "new") + " " + ex);
				if (answeredBy != null) {
					this.deserters.add(answeredBy);
				}
			}
		}
	}

	private Answer read(InputStream in) throws IOException {
		String status = line(in);
		int length = -1;
		boolean chunked = false;
		boolean last = false;
		for (String header = line(in); !header.isEmpty(); header = line(in)) {
			String lower = header.toLowerCase(Locale.ROOT);
			if (lower.startsWith("content-length:")) {
				length = Integer.parseInt(lower.substring(15).trim());
			}
			chunked |= lower.equals("transfer-encoding: chunked");
			last |= lower.equals("connection: close");
		}
		StringBuilder body = new StringBuilder();
		if (chunked) {
			for (int size = Integer.parseInt(line(in), 16); size > 0; size = Integer.parseInt(line(in), 16)) {
				body.append(new String(in.readNBytes(size), StandardCharsets.US_ASCII));
				line(in);
			}
			line(in);
		}
		else {
			body.append(new String(in.readNBytes(Math.max(0, length)), StandardCharsets.US_ASCII));
		}
		if (!status.startsWith("HTTP/1.1 200") || !body.toString().matches("\\d+")) {
			throw new IOException("Unexpected answer: " + status + ", " + body);
		}
		this.answers.computeIfAbsent(body.toString(), (pid) -> new LongAdder()).increment();
		if (last) {
			this.lastResponses.incrementAndGet();
		}
		return new Answer(body.toString(), last);
	}

	private static String line(InputStream in) throws IOException {
		StringBuilder line = new StringBuilder();
		int next;
		while ((next = in.read()) != '\n') {
			if (next < 0) {
				throw new EOFException("The connection ended" + (line.isEmpty() ? " before an answer" : ": " + line));
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	@Override
	public void close() {
		stop();
	}

	void stop() {
		this.running = false;
		for (Thread client : this.clients) {
			try {
				client.join();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/** Who has answered, and whether the connection ends with that. */
	private record Answer(String pid, boolean last) {

	}

}
