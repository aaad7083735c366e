package io.ipcboot.pool;

import java.util.List;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a rolling restart.
 *
 * @param complete whether every worker was replaced
 * @param steps what happened in each slot, in order; a slot appears again if an old spare
 * had taken over from its new worker
 */
public record RollingRestartResult(boolean complete, List<Step> steps) {

	/**
	 * What happened in a slot.
	 *
	 * @param slot the number of the slot
	 * @param before the worker that was there, or {@code null} if the slot was empty
	 * @param after the worker that is there now; the same one if it was not replaced
	 * @param failure why the replacement could not start, or {@code null}
	 */
	public record Step(int slot, @Nullable PeerId before, @Nullable PeerId after, @Nullable String failure) {

	}

}
