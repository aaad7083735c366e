package io.ipcboot.messaging;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToIntFunction;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The listeners in other processes that wait for a call, because each of them called this
 * process and waits for the reply. Never changes.
 */
public final class CallChain {

	/** The length at which earlier listeners are forgotten. */
	static final int MAX_LENGTH = 64;

	private static final int MAX_DESCRIBED = 16;

	private final PeerId peer;

	private final String destination;

	private final @Nullable CallChain earlier;

	private final int length;

	/**
	 * @param peer the process whose listener waits
	 * @param destination the destination of that listener
	 * @param earlier the listeners that wait for that listener
	 */
	CallChain(PeerId peer, String destination, @Nullable CallChain earlier) {
		this.peer = peer;
		this.destination = destination;
		this.earlier = (earlier != null && earlier.length < MAX_LENGTH) ? earlier : null;
		this.length = (this.earlier != null) ? this.earlier.length + 1 : 1;
	}

	/**
	 * Return whether a process cannot start a message before a listener of this chain has
	 * returned.
	 * @param process the process
	 * @param to the destination of the message
	 * @param limits returns the concurrency of a listener that has a limit of its own,
	 * otherwise 0
	 * @param concurrency how many messages all other listeners take at a time
	 * @return {@code true} if the listeners of this chain take all the places
	 */
	public boolean blocks(PeerId process, String to, ToIntFunction<String> limits, int concurrency) {
		int own = limits.applyAsInt(to);
		int free = (own > 0) ? own : concurrency;
		for (CallChain waiting = this; waiting != null; waiting = waiting.earlier) {
			if (!waiting.peer.equals(process)) {
				continue;
			}
			int limit = limits.applyAsInt(waiting.destination);
			if (((limit > 0) ? limit : concurrency) == 1) {
				// it runs on the thread that starts all the others
				return true;
			}
			boolean samePlaces = (own > 0) ? waiting.destination.equals(to) : limit == 0;
			free -= samePlaces ? 1 : 0;
		}
		return free <= 0;
	}

	/**
	 * Return the processes of this chain.
	 * @return for example {@code default/0 → parent}; the first process is the one whose
	 * listener was called first
	 */
	@Override
	public String toString() {
		Deque<String> processes = new ArrayDeque<>();
		for (CallChain waiting = this; waiting != null; waiting = waiting.earlier) {
			if (processes.size() == MAX_DESCRIBED) {
				processes.addFirst("…");
				break;
			}
			processes.addFirst(name(waiting.peer));
		}
		return String.join(" → parent → ", processes) + " → parent";
	}

	/**
	 * Describe a chain of one process.
	 * @param process the process
	 * @return for example {@code default/0 → parent}
	 */
	public static String of(PeerId process) {
		return name(process) + " → parent";
	}

	/**
	 * Describe this chain with a call to one more process.
	 * @param next the process
	 * @return for example {@code default/0 → parent → special/1}
	 */
	public String describe(PeerId next) {
		return this + " → " + name(next);
	}

	private static String name(PeerId process) {
		return (process.pool() != null) ? process.pool() + "/" + process.slot() : "process " + process.pid();
	}

}
