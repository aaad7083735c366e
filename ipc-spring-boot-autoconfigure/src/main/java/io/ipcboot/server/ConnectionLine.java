package io.ipcboot.server;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.messaging.PeerOptions;
import org.jspecify.annotations.Nullable;

/**
 * The parent's end of a channel on which one worker gets connections. It is not the
 * channel of the application's messages, as connections must not wait for listeners.
 */
final class ConnectionLine {

	/** Where the parent learns how much a worker has to do. */
	static final String LOAD = "load";

	static final PeerOptions OPTIONS = new PeerOptions(Duration.ZERO, 1, Background.EXECUTOR);

	private final AtomicLong sent = new AtomicLong();

	private final PeerId worker;

	private final Peer peer;

	private volatile Load load = new Load(0, 0);

	ConnectionLine(PeerId worker, HandleSocket socket, PayloadConverter converter, Consumer<ConnectionLine> closed)
			throws IOException {
		this.worker = worker;
		ListenerRegistry registry = new ListenerRegistry();
		registry.add(LOAD, this::report);
		this.peer = new Peer(worker, socket, ChannelOptions.DEFAULT, OPTIONS, converter, registry, new Events(closed));
		this.peer.start();
		this.peer.openListeners();
	}

	private @Nullable Object report(IpcMessage message) {
		if (message.payload(Load.class) instanceof Load reported) {
			this.load = reported;
		}
		return null;
	}

	PeerId worker() {
		return this.worker;
	}

	/** How many connections the worker has, as far as that is known. */
	long load() {
		Load last = this.load;
		return last.open() + this.sent.get() - last.received();
	}

	void transmit(Exchange exchange) {
		this.sent.incrementAndGet();
		this.peer.transmit(exchange);
	}

	void close() {
		this.peer.close();
	}

	/**
	 * What a worker has to do.
	 *
	 * @param open how many connections it serves, or is about to
	 * @param received how many it has got up to now
	 */
	record Load(int open, long received) {

	}

	private final class Events implements PeerEvents {

		private final Consumer<ConnectionLine> listener;

		Events(Consumer<ConnectionLine> listener) {
			this.listener = listener;
		}

		@Override
		public void received(Frame frame) {
			// there are only messages
		}

		@Override
		public void closed(ChannelClosedException cause) {
			this.listener.accept(ConnectionLine.this);
			// whatever the worker has not taken goes to another one
			ConnectionLine.this.peer.settle(0, (mayHaveStarted) -> cause);
		}

	}

}
