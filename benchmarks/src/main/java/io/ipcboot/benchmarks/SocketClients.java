package io.ipcboot.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that connect, wait until the connection is closed, and connect again.
 */
final class SocketClients {

	private static final int CLIENTS = 32;

	private final int port;

	SocketClients(int port) {
		this.port = port;
	}

	double run(long millis) throws IOException {
		AtomicLong served = new AtomicLong();
		AtomicLong failed = new AtomicLong();
		long start = System.nanoTime();
		long end = start + millis * 1_000_000;
		List<Thread> clients = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			Thread client = new Thread(() -> {
				while (System.nanoTime() < end) {
					(connect() ? served : failed).incrementAndGet();
				}
			});
			client.start();
			clients.add(client);
		}
		for (Thread client : clients) {
			join(client);
		}
		if (failed.get() > 0) {
			throw new IOException(failed + " connections failed, " + served + " were served");
		}
		return served.get() * 1e9 / (System.nanoTime() - start);
	}

	private boolean connect() {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			// a reset, as waiting for the last packets would use up the machine's ports
			socket.setSoLinger(true, 0);
			return socket.getInputStream().read() < 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
