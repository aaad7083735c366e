package io.ipcboot.channel;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Keeps what arrives on a channel.
 */
final class Receiver implements ChannelHandler {

	final List<Frame> frames = new CopyOnWriteArrayList<>();

	final CompletableFuture<ChannelClosedException> closed = new CompletableFuture<>();

	@Override
	public void received(Frame frame) {
		this.frames.add(frame);
	}

	@Override
	public boolean hasWork() {
		return false;
	}

	@Override
	public void work() {
	}

	@Override
	public void closed(ChannelClosedException cause) {
		this.closed.complete(cause);
	}

}
