package io.ipcboot.pool;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * Chooses the worker for a message or for a connection. Public only for the package
 * {@code io.ipcboot.server}. Safe for concurrent use, except for the round-robin
 * balancer.
 */
public abstract class Balancer {

	private Balancer() {
	}

	/**
	 * Choose one of the workers that take messages.
	 * @param <T> the kind of candidates
	 * @param ready all workers that take messages, in an order that does not change
	 * @param hasRoom whether a worker can take another message now
	 * @param key the message's key, if it has one
	 * @return the worker, or {@code null} if the message has to wait
	 */
	public abstract <T extends Candidate> @Nullable T choose(List<T> ready, Predicate<? super T> hasRoom,
			@Nullable String key);

	/**
	 * Return a balancer without history.
	 * @param balancing how the balancer chooses
	 * @return the balancer
	 */
	public static Balancer of(Balancing balancing) {
		return switch (balancing) {
			case LEAST_OUTSTANDING -> new LeastOutstanding();
			case ROUND_ROBIN -> new RoundRobin();
			case BY_KEY -> new ByKey();
		};
	}

	/**
	 * A worker as far as balancing is concerned.
	 */
	public interface Candidate {

		/**
		 * Return the number of the worker's slot, by which keys find the worker.
		 * @return the number
		 */
		int slot();

		/**
		 * Return how much the worker has to do.
		 * @return how many messages or connections the worker has
		 */
		int outstanding();

	}

	/**
	 * Balances by load. Each search begins behind the candidate at which the previous
	 * search began, so that equals take turns. Two threads may happen to start at the
	 * same candidate.
	 */
	private static final class LeastOutstanding extends Balancer {

		private final AtomicInteger turn = new AtomicInteger();

		@Override
		public <T extends Candidate> @Nullable T choose(List<T> ready, Predicate<? super T> hasRoom,
				@Nullable String key) {
			T best = null;
			int first = this.turn.getOpaque();
			int size = ready.size();
			for (int i = 0; i < size; i++) {
				T candidate = ready.get(Math.floorMod(first + i, size));
				if (hasRoom.test(candidate) && (best == null || candidate.outstanding() < best.outstanding())) {
					best = candidate;
				}
			}
			this.turn.setOpaque(first + 1);
			return best;
		}

	}

	private static final class RoundRobin extends Balancer {

		private int turn;

		@Override
		public <T extends Candidate> @Nullable T choose(List<T> ready, Predicate<? super T> hasRoom,
				@Nullable String key) {
			int size = ready.size();
			for (int i = 0; i < size; i++) {
				T candidate = ready.get(Math.floorMod(this.turn + i, size));
				if (hasRoom.test(candidate)) {
					this.turn += i + 1;
					return candidate;
				}
			}
			return null;
		}

	}

	/**
	 * Balances by key: rendezvous hashing (Thaler and Ravishankar, 1998) over the numbers
	 * of the slots.
	 */
	private static final class ByKey extends Balancer {

		private final Balancer withoutKey = new LeastOutstanding();

		@Override
		public <T extends Candidate> @Nullable T choose(List<T> ready, Predicate<? super T> hasRoom,
				@Nullable String key) {
			if (key == null) {
				return this.withoutKey.choose(ready, hasRoom, null);
			}
			if (ready.stream().noneMatch(hasRoom)) {
				return null;
			}
			T owner = null;
			long highest = Long.MIN_VALUE;
			for (T candidate : ready) {
				long weight = weight(key, candidate.slot());
				if (owner == null || weight > highest) {
					owner = candidate;
					highest = weight;
				}
			}
			return (owner != null && hasRoom.test(owner)) ? owner : null;
		}

		/**
		 * Return a hash: FNV-1a over the key and the slot, then the finalizer of
		 * MurmurHash3.
		 */
		private static long weight(String key, int slot) {
			long hash = 0xcbf29ce484222325L;
			for (int i = 0; i < key.length(); i++) {
				hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
			}
			hash = (hash ^ slot) * 0x100000001b3L;
			hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
			hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
			return hash ^ (hash >>> 33);
		}

	}

}
