package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * The identity of the process at the other end of a channel.
 *
 * @param pool the name of the worker's pool, or {@code null} if the peer is the parent or
 * a process that was forked outside a pool
 * @param slot the worker's slot in the pool, or -1 if it has none; 0 for the parent
 * @param pid the process id, or -1 while it is not known
 */
public record PeerId(@Nullable String pool, int slot, long pid) {

	/** The slot that marks the parent: no other process without a pool has a slot. */
	private static final int PARENT_SLOT = 0;

	/**
	 * Return the identity of the process that forked this one.
	 * @param pid its process id
	 * @return the identity of the parent
	 */
	public static PeerId parent(long pid) {
		return new PeerId(null, PARENT_SLOT, pid);
	}

	/**
	 * Return the identity of a process that belongs to no pool.
	 * @param pid its process id, or -1
	 * @return the identity of the process
	 */
	public static PeerId process(long pid) {
		return new PeerId(null, -1, pid);
	}

	/**
	 * Return whether this is the process that forked this one.
	 * @return {@code false} for a process that this one forked
	 */
	public boolean isParent() {
		return this.pool == null && this.slot == PARENT_SLOT;
	}

	@Override
	public String toString() {
		if (this.pool != null && this.slot < 0) {
			return "spare worker of %s (pid %d)".formatted(this.pool, this.pid);
		}
		if (this.pool != null) {
			return "worker %s/%d (pid %d)".formatted(this.pool, this.slot, this.pid);
		}
		return "%s (pid %d)".formatted(isParent() ? "parent" : "process", this.pid);
	}

}
