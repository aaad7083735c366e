package io.ipcboot;

import java.util.Set;

import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.Listener;
import org.jspecify.annotations.Nullable;

/**
 * Listens to the workers of some pools only, and to the parent.
 *
 * @param listener takes their messages
 * @param pools the names of the pools
 */
record PoolListener(Listener listener, Set<String> pools) implements Listener {

	@Override
	public boolean takesFrom(PeerId sender) {
		return sender.isParent() || (sender.pool() != null && this.pools.contains(sender.pool()));
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
