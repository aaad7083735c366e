package io.ipcboot;

import java.util.Set;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.Listener;
import org.jspecify.annotations.Nullable;

/**
 * A listener that only accepts messages from the parent and from the workers of some
 * pools.
 *
 * @param listener handles the messages
 * @param pools the names of the pools
 */
record PoolFilteredListener(Listener listener, Set<String> pools) implements Listener {

	@Override
	public boolean takesFrom(PeerId sender) {
		return sender.isParent() || (sender.pool() != null && this.pools.contains(sender.pool()));
	}

	@Override
	public void check(IpcMessage message) throws Exception {
		this.listener.check(message);
	}

	@Override
	public @Nullable Object onMessage(IpcMessage message) throws Exception {
		return this.listener.onMessage(message);
	}

	@Override
	public int concurrency() {
		return this.listener.concurrency();
	}

	@Override
	public String describe() {
		return this.listener.describe();
	}

}
