package io.ipcboot.pool;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which messages were running when workers died, and refuses those that were
 * there too often. Bounded: the oldest suspect is forgotten first. Safe for concurrent
 * use; as long as there is no suspect, a check costs the reading of a field.
 */
public final class Quarantine {

	private static final int MAX_SUSPECTS = 1000;

	private final Map<Fingerprint, Suspect> suspects = new LinkedHashMap<>();

	private final Limit limit;

	private final LongSupplier nanoTime;

	private volatile boolean empty = true;

	Quarantine(Limit limit, LongSupplier nanoTime) {
		this.limit = limit;
		this.nanoTime = nanoTime;
	}

	/**
	 * Return why a message is refused.
	 * @param fingerprint computed only if necessary
	 * @return the entry, or {@code null} if the message may run
	 */
	@Nullable Entry check(Supplier<Fingerprint> fingerprint) {
		if (this.empty) {
			return null;
		}
		Fingerprint wanted = fingerprint.get();
		synchronized (this) {
			forgetExpired();
			Suspect suspect = this.suspects.get(wanted);
			return (suspect != null && suspect.deaths >= this.limit.deaths) ? entry(wanted, suspect) : null;
		}
	}

	/**
	 * A worker has died while a message was running.
	 * @param fingerprint the message
	 * @param worker the worker; if it had several such messages, its death counts once
	 * @return the entry if it is refused from now on
	 */
	synchronized @Nullable Entry died(Fingerprint fingerprint, @Nullable PeerId worker) {
		forgetExpired();
		Suspect suspect = this.suspects.remove(fingerprint);
		suspect = (suspect != null) ? suspect : new Suspect();
		this.suspects.put(fingerprint, suspect);
		if (worker != null && worker.equals(suspect.worker)) {
			return null;
		}
		suspect.worker = worker;
		suspect.deaths++;
		suspect.since = this.nanoTime.getAsLong();
		forgetOldest();
		return (suspect.deaths == this.limit.deaths) ? entry(fingerprint, suspect) : null;
	}

	private void forgetOldest() {
		Iterator<Fingerprint> oldest = this.suspects.keySet().iterator();
		while (this.suspects.size() > MAX_SUSPECTS) {
			oldest.next();
			oldest.remove();
		}
		this.empty = this.suspects.isEmpty();
	}

	/**
	 * Let a message run again.
	 * @param id the id of its entry
	 * @return {@code false} if there is no such entry
	 */
	synchronized boolean release(String id) {
		boolean released = this.suspects.keySet().removeIf((fingerprint) -> fingerprint.toString().equals(id));
		this.empty = this.suspects.isEmpty();
		return released;
	}

	synchronized List<Entry> entries() {
		forgetExpired();
		List<Entry> entries = new ArrayList<>();
		this.suspects.forEach((fingerprint, suspect) -> {
			if (suspect.deaths >= this.limit.deaths) {
				entries.add(entry(fingerprint, suspect));
			}
		});
		return entries;
	}

	private void forgetExpired() {
		long now = this.nanoTime.getAsLong();
		this.suspects.values().removeIf((suspect) -> now - suspect.since >= this.limit.duration.toNanos());
		this.empty = this.suspects.isEmpty();
	}

	private Entry entry(Fingerprint fingerprint, Suspect suspect) {
		long left = this.limit.duration.toNanos() - (this.nanoTime.getAsLong() - suspect.since);
		return new Entry(fingerprint.toString(), fingerprint.destination(), suspect.deaths, Duration.ofNanos(left));
	}

	private static final class Suspect {

		private int deaths;

		private @Nullable PeerId worker;

		private long since;

	}

	/**
	 * When a message is refused, and for how long.
	 *
	 * @param deaths after how many deaths of workers
	 * @param duration for how long, from the last death
	 */
	public record Limit(int deaths, Duration duration) {

		public Limit {
			Settings.requireAtLeast("quarantine.after", 1, deaths);
			Settings.requirePositive("quarantine.for", duration);
		}

	}

	/**
	 * A message that is refused.
	 *
	 * @param id identifies it, for {@code release}
	 * @param destination its destination
	 * @param deaths how many workers have died of it
	 * @param remaining how long it is still refused
	 */
	public record Entry(String id, String destination, int deaths, Duration remaining) {

	}

}
