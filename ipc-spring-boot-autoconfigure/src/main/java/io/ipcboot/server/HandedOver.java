package io.ipcboot.server;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.messaging.Peer;
import io.ipcboot.messaging.PeerEvents;
import io.ipcboot.messaging.ExchangeOwner;
import org.jspecify.annotations.Nullable;

/**
 * The connections that the parent hands to this worker.
 */
final class HandedOver implements ConnectionSource, PeerEvents {

	/** Where connections arrive. */
	static final String CONNECTION = "connection";

	private static final Duration REPORT_INTERVAL = Duration.ofMillis(20);

	private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

	private final BlockingQueue<Optional<SocketChannel>> waiting = new LinkedBlockingQueue<>();

	private final AtomicLong received = new AtomicLong();

	private final AtomicBoolean reporting = new AtomicBoolean();

	private final IntSupplier open;

	private final Peer peer;

	private final Exchanges exchanges;

	HandedOver(PeerId parent, HandleSocket socket, PayloadConverter converter, IntSupplier open) throws IOException {
		this.open = open;
		ListenerRegistry registry = new ListenerRegistry();
		registry.add(CONNECTION, this::take);
		this.peer = new Peer(parent, socket, ChannelOptions.DEFAULT, ConnectionLine.OPTIONS, converter, registry, this);
		this.exchanges = new Exchanges(converter, ChannelOptions.DEFAULT.maxFrameSize(), Duration.ZERO,
				ExchangeOwner.NONE, this.peer::transmit);
		this.peer.channel().acceptHandles();
		this.peer.start();
		this.peer.openListeners();
	}

	private @Nullable Object take(IpcMessage message) throws IOException {
		Handle handle = message.handle();
		if (handle != null) {
			this.received.incrementAndGet();
			this.waiting.add(Optional.of(handle.as(SocketChannel.class)));
			reportSoon();
		}
		return null;
	}

	private void reportSoon() {
		if (this.reporting.compareAndSet(false, true)) {
			Background.schedule(this::report, REPORT_INTERVAL);
		}
	}

	private void report() {
		this.reporting.set(false);
		long got = this.received.get();
		int current = this.open.getAsInt() + this.waiting.size();
		try {
			this.exchanges.send(OutgoingMessage.of(ConnectionLine.LOAD, new ConnectionLine.Load(current, got)))
				.exceptionally((ex) -> null);
		}
		catch (IpcException ex) {
			// the parent is gone, or this worker has left
			return;
		}
		if (current > 0 && this.peer.isConnected()) {
			reportSoon();
		}
	}

	@Override
	public @Nullable SocketChannel accept() throws IOException {
		try {
			Optional<SocketChannel> next = this.waiting.take();
			if (next.isEmpty()) {
				// for the other threads that wait
				this.waiting.add(next);
			}
			return next.orElse(null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return null;
		}
	}

	/** What this worker has not taken goes back; what it has taken is still served. */
	@Override
	public void close() {
		this.peer.drain().orTimeout(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS).handle((nothing, ex) -> null).join();
		this.peer.close();
		this.waiting.add(Optional.empty());
	}

	@Override
	public void received(Frame frame) {
		// there are only messages
	}

	@Override
	public void closed(ChannelClosedException cause) {
		this.peer.settle(0, (mayHaveStarted) -> cause);
	}

}
