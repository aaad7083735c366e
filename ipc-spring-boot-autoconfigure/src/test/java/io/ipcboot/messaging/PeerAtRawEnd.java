package io.ipcboot.messaging;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelClosedException;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.RawEnd;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A peer whose other end is in the hands of the test.
 */
final class PeerAtRawEnd implements PeerEvents, Closeable {

	static final PeerId ID = new PeerId("raw", 7, 4711);

	final ListenerRegistry listeners = new ListenerRegistry();

	final CompletableFuture<ChannelClosedException> closed = new CompletableFuture<>();

	/** What the ledger of the other process would say. */
	final AtomicLong lastStarted = new AtomicLong();

	final Peer peer;

	final ExchangeSender sender;

	PeerAtRawEnd(RawEnd raw) throws IOException {
		this(raw, ChannelOptions.DEFAULT);
	}

	PeerAtRawEnd(RawEnd raw, ChannelOptions limits) throws IOException {
		PayloadConverter converter = new PayloadConverter(JsonMapper.builder().build(), limits.maxFrameSize());
		this.peer = new Peer(ID, raw.other(), limits, new PeerOptions(1, Background.EXECUTOR), converter,
				this.listeners, this);
		this.sender = new ExchangeSender(converter, limits.maxFrameSize(), Duration.ofSeconds(30), this.peer);
		this.peer.channel().acceptHandles();
		this.peer.start();
		this.peer.openListeners();
	}

	CompletableFuture<Void> send(String destination, @Nullable Object payload, Duration timeout) {
		return this.sender.send(message(destination, payload, timeout));
	}

	CompletableFuture<Object> callAsync(String destination, @Nullable Object payload, Duration timeout) {
		return this.sender.callAsync(message(destination, payload, timeout), Object.class);
	}

	@Nullable Object call(String destination, @Nullable Object payload, Duration timeout) {
		return this.sender.call(message(destination, payload, timeout), Object.class).body();
	}

	private static OutgoingMessage message(String destination, @Nullable Object payload, Duration timeout) {
		return TestMessages.of(destination, payload, null, Map.of(), null, false, timeout);
	}

	@Override
	public void received(Frame frame) {
	}

	@Override
	public void closed(ChannelClosedException cause) {
		this.peer.settle(this.lastStarted.get(), 0, (mayHaveStarted) -> new ChannelClosedException(ID,
				mayHaveStarted ? "gone, and may have started it" : "gone before it started it", cause));
		this.closed.complete(cause);
	}

	@Override
	public void close() {
		this.peer.close();
		this.closed.join();
	}

}
