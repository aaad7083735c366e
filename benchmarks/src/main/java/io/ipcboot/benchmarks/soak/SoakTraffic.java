package io.ipcboot.benchmarks.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.MessageOperations;
import io.ipcboot.messaging.CallTimeoutException;
import io.ipcboot.pool.PoolSaturatedException;
import io.ipcboot.pool.WorkerLostException;

/**
 * Makes calls, sends messages and hands over connections from many threads, and counts
 * each with its outcome.
 */
final class SoakTraffic {

	private static final int EVENTS_IN_FLIGHT = 1000;

	private static final Duration DEADLINE = Duration.ofSeconds(2);

	/** How much later than its deadline a call may fail. */
	private static final Duration LATEST = Duration.ofSeconds(1);

	private final Outcomes calls = new Outcomes("calls");

	private final Outcomes events = new Outcomes("events");

	private final Outcomes sockets = new Outcomes("sockets");

	private final Outcomes hangs = new Outcomes("calls that hang");

	private final AtomicLong number = new AtomicLong();

	private final Semaphore eventsInFlight = new Semaphore(EVENTS_IN_FLIGHT);

	private final List<Thread> threads = new ArrayList<>();

	private final MessageOperations pool;

	private final ServerSocketChannel listener;

	private volatile boolean running = true;

	SoakTraffic(MessageOperations pool) throws IOException {
		this.pool = pool;
		this.listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	void start() {
		for (int i = 0; i < 8; i++) {
			start(this::call);
		}
		start(this::emit);
		for (int i = 0; i < 4; i++) {
			start(this::connect);
		}
		Thread acceptor = new Thread(this::accept, "acceptor");
		acceptor.setDaemon(true);
		acceptor.start();
	}

	private void start(Runnable step) {
		Thread thread = new Thread(() -> {
			while (this.running) {
				step.run();
			}
		});
		thread.start();
		this.threads.add(thread);
	}

	void stop() throws InterruptedException, IOException {
		this.running = false;
		for (Thread thread : this.threads) {
			thread.join();
		}
		this.eventsInFlight.acquire(EVENTS_IN_FLIGHT);
		this.listener.close();
	}

	private void call() {
		boolean slow = ThreadLocalRandom.current().nextInt(20) == 0;
		String text = "call " + this.number.incrementAndGet();
		this.calls.admitted();
		long start = System.nanoTime();
		try {
			if (slow) {
				this.pool.destination("slow").message(50).key(text).deadline(DEADLINE).call(Integer.class);
			}
			else {
				String reply = this.pool.destination("echo").message(text).deadline(DEADLINE).call(String.class);
				if (!reply.equals(text)) {
					this.calls.ended("WRONG REPLY");
					return;
				}
			}
			this.calls.ended("answered");
		}
		catch (RuntimeException ex) {
			boolean late = System.nanoTime() - start > DEADLINE.plus(LATEST).toNanos();
			this.calls.ended((late ? "LATE: " : "") + describe(ex));
		}
	}

	/** Make a call that never returns. */
	void hang() {
		this.hangs.admitted();
		try {
			this.pool.destination("hang")
				.key("hang " + this.number.incrementAndGet())
				.deadline(Duration.ofMillis(200))
				.callAsync(String.class)
				.whenComplete((reply, ex) -> this.hangs.ended((ex != null) ? describe(ex) : "WRONG REPLY"));
		}
		catch (RuntimeException ex) {
			this.hangs.ended(describe(ex));
		}
	}

	List<Outcomes> outcomes() {
		return List.of(this.calls, this.events, this.sockets, this.hangs);
	}

	private static String describe(Throwable failure) {
		if (failure instanceof WorkerLostException lost) {
			return "lost " + lost.getLossCause();
		}
		if (failure instanceof CallTimeoutException) {
			return "timed out";
		}
		if (failure instanceof PoolSaturatedException) {
			return "refused";
		}
		return "UNEXPECTED " + failure;
	}

	private void emit() {
		this.eventsInFlight.acquireUninterruptibly();
		this.events.admitted();
		try {
			this.pool.send("event", "event " + this.number.incrementAndGet()).whenComplete((nothing, ex) -> {
				this.events.ended((ex != null) ? describe(ex) : "taken");
				this.eventsInFlight.release();
			});
		}
		catch (RuntimeException ex) {
			this.events.ended(describe(ex));
			this.eventsInFlight.release();
		}
	}

	private void connect() {
		this.sockets.admitted();
		try (Socket socket = new Socket()) {
			socket.connect(this.listener.getLocalAddress());
			socket.setSoTimeout(60_000);
			socket.getOutputStream().write("hello\n".getBytes(StandardCharsets.US_ASCII));
			byte[] answer = socket.getInputStream().readAllBytes();
			this.sockets.ended((answer.length == 6) ? "answered" : "closed by the death of its worker");
			socket.setSoLinger(true, 0);
		}
		catch (SocketTimeoutException ex) {
			this.sockets.ended("NEVER ANSWERED");
		}
		catch (IOException ex) {
			this.sockets.ended("reset by the death of its worker");
		}
	}

	private void accept() {
		try {
			while (true) {
				SocketChannel connection = this.listener.accept();
				this.pool.destination("socket").handle(connection).send();
			}
		}
		catch (ClosedChannelException ex) {
			// the test has ended
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
