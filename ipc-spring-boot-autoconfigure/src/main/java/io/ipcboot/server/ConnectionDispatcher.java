package io.ipcboot.server;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.IpcException;
import io.ipcboot.handle.HandleAcceptor;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.ExchangeOwner;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Accepts on a listener and hands each connection to one worker. As long as no worker is
 * there, connections wait in the kernel's queue.
 */
final class ConnectionDispatcher {

	private static final Log logger = LogFactory.getLog(ConnectionDispatcher.class);

	/** Connections on their way; each costs this process a descriptor. */
	private static final int WINDOW = 512;

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

	private static final long PAUSE_MILLIS = 50;

	private final List<ConnectionLine> lines = new CopyOnWriteArrayList<>();

	private final Queue<Returned> returned = new ConcurrentLinkedQueue<>();

	private final Semaphore window = new Semaphore(WINDOW);

	private final Object monitor = new Object();

	private final HandleAcceptor acceptor;

	private final boolean sticky;

	private final PayloadConverter converter;

	private final Thread thread;

	private int turn;

	private volatile boolean closed;

	ConnectionDispatcher(BoundListener listener, boolean sticky, PayloadConverter converter) throws IOException {
		this.acceptor = HandleAcceptor.on(listener.handle());
		this.sticky = sticky;
		this.converter = converter;
		this.thread = new Thread(this::run, "ipc-accept-" + listener.address().getPort());
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/** From now on, the worker gets connections. */
	void add(ConnectionLine line) {
		synchronized (this.monitor) {
			this.lines.add(line);
			this.monitor.notifyAll();
		}
		Returned waiting;
		while ((waiting = this.returned.poll()) != null) {
			transmit(waiting.exchange, waiting.client);
		}
	}

	/** From now on, the worker gets no more connections. */
	void remove(ConnectionLine line) {
		this.lines.remove(line);
	}

	/**
	 * Hand over what is in the queue, and stop.
	 */
	void close() {
		this.closed = true;
		this.acceptor.close();
		synchronized (this.monitor) {
			this.monitor.notifyAll();
		}
		try {
			this.thread.join(CLOSE_LIMIT.toMillis());
			this.window.tryAcquire(WINDOW, CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		for (Returned unwanted : this.returned) {
			unwanted.exchange.fail(new IpcException(null, "This process shuts down, and there is no worker"));
		}
	}

	private void run() {
		boolean ended = false;
		while (!ended) {
			try {
				awaitWorker();
				HandleAcceptor.Accepted accepted = this.acceptor.accept();
				ended = (accepted == null);
				if (accepted != null) {
					this.window.acquireUninterruptibly();
					handOver(accepted);
				}
			}
			catch (IOException | RuntimeException ex) {
				logger.error("A connection could not be accepted or handed over", ex);
				pause();
			}
		}
	}

	private void pause() {
		try {
			Thread.sleep(PAUSE_MILLIS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void awaitWorker() {
		if (!this.lines.isEmpty()) {
			return;
		}
		synchronized (this.monitor) {
			while (this.lines.isEmpty() && !this.closed) {
				try {
					this.monitor.wait();
				}
				catch (InterruptedException ex) {
					// only close() ends this thread
				}
			}
		}
	}

	private void handOver(HandleAcceptor.Accepted accepted) {
		InetAddress client = accepted.client();
		ExchangeOwner elsewhere = (exchange, mayHaveStarted, cause) -> {
			if (mayHaveStarted || this.closed || exchange.isDone()) {
				return false;
			}
			Background.EXECUTOR.execute(() -> transmit(exchange, client));
			return true;
		};
		boolean sent = false;
		try {
			new Exchanges(this.converter, Integer.MAX_VALUE, Duration.ZERO, elsewhere,
					(exchange) -> transmit(exchange, client))
				.send(new OutgoingMessage(HandedOver.CONNECTION, null, null, Map.of(), accepted.handle(), false, null))
				.whenComplete((nothing, ex) -> this.window.release());
			sent = true;
		}
		finally {
			if (!sent) {
				accepted.handle().close();
				this.window.release();
			}
		}
	}

	private void transmit(Exchange exchange, InetAddress client) {
		ConnectionLine line;
		while ((line = choose(client)) != null) {
			try {
				line.transmit(exchange);
				return;
			}
			catch (ChannelClosedException ex) {
				remove(line);
			}
		}
		this.returned.add(new Returned(exchange, client));
	}

	private @Nullable ConnectionLine choose(InetAddress client) {
		ConnectionLine[] candidates = this.lines.toArray(ConnectionLine[]::new);
		return this.sticky ? preferred(candidates, client) : leastLoaded(candidates);
	}

	/** The others keep their clients when a worker comes or goes. */
	private static @Nullable ConnectionLine preferred(ConnectionLine[] candidates, InetAddress client) {
		ConnectionLine best = null;
		long bestWeight = Long.MIN_VALUE;
		for (ConnectionLine candidate : candidates) {
			long weight = mix(client.hashCode() * 31L + candidate.worker().slot());
			if (best == null || weight > bestWeight) {
				best = candidate;
				bestWeight = weight;
			}
		}
		return best;
	}

	/** The finalizer of SplitMix64: similar numbers become very different ones. */
	private static long mix(long value) {
		long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

	private synchronized @Nullable ConnectionLine leastLoaded(ConnectionLine[] candidates) {
		ConnectionLine best = null;
		long bestLoad = Long.MAX_VALUE;
		int first = this.turn++;
		for (int i = 0; i < candidates.length; i++) {
			ConnectionLine candidate = candidates[Math.floorMod(first + i, candidates.length)];
			long load = candidate.load();
			if (load < bestLoad) {
				best = candidate;
				bestLoad = load;
			}
		}
		return best;
	}

	private record Returned(Exchange exchange, InetAddress client) {

	}

}
