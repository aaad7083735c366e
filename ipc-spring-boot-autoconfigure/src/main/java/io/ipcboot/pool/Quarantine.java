package io.ipcboot.pool;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.UntrustedText;
import io.ipcboot.messaging.Exchange;
import io.ipcboot.pool.PoolSettings.QuarantineRule;
import io.ipcboot.pool.PoolSnapshot.QuarantinedMessage;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which messages of a pool were running when workers died, and refuses messages
 * for which that happened again and again: a worker that survives an equal message clears
 * it. Bounded: the oldest suspect is forgotten first. Safe for concurrent use; a message
 * that does not resemble a suspect is neither hashed nor does it take a lock.
 */
public final class Quarantine {

	private static final int MAX_SUSPECTS = 1000;

	/** The suspects, those first that were last seen longest ago. */
	private final Map<Fingerprint, Suspect> suspects = new LinkedHashMap<>();

	/** What is known of the suspects without a hash. */
	private volatile Set<Traits> traits = Set.of();

	private final String pool;

	private final QuarantineRule rule;

	private final LongSupplier nanoTime;

	Quarantine(String pool, QuarantineRule rule, LongSupplier nanoTime) {
		this.pool = pool;
		this.rule = rule;
		this.nanoTime = nanoTime;
	}

	/**
	 * Create the quarantine of a pool. The quarantine outlives the runs of the pool.
	 * @param pool the name of the pool
	 * @param settings when a message is refused
	 * @return a quarantine without a message
	 */
	public static Quarantine of(String pool, PoolSettings settings) {
		return new Quarantine(pool, settings.quarantine(), System::nanoTime);
	}

	/**
	 * Admit a message only if it may run.
	 * @throws QuarantinedException if the message must not run
	 */
	void require(Exchange exchange) {
		QuarantinedMessage refused = check(exchange);
		if (refused != null) {
			throw refusal(refused);
		}
	}

	QuarantinedException refusal(QuarantinedMessage refused) {
		return new QuarantinedException(this.pool, refused.destination(), refused.id(), refused.deaths(),
				refused.remaining().toSeconds());
	}

	/**
	 * Return why a message is refused.
	 * @return the entry, or {@code null} if the message may run
	 */
	@Nullable QuarantinedMessage check(Exchange exchange) {
		return resemblesSuspect(exchange) ? check(fingerprint(exchange)) : null;
	}

	private boolean resemblesSuspect(Exchange exchange) {
		Set<Traits> current = this.traits;
		return !current.isEmpty() && current.contains(Traits.of(exchange));
	}

	/**
	 * Note that a worker survived a message, so that an equal one is not what workers die
	 * of.
	 */
	void survived(Exchange exchange) {
		if (resemblesSuspect(exchange)) {
			clear(fingerprint(exchange));
		}
	}

	private synchronized void clear(Fingerprint fingerprint) {
		if (this.suspects.remove(fingerprint) != null) {
			suspectsChanged();
		}
	}

	synchronized @Nullable QuarantinedMessage check(Fingerprint fingerprint) {
		forgetExpired();
		Suspect suspect = this.suspects.get(fingerprint);
		return (suspect != null && suspect.deaths >= this.rule.deaths()) ? quarantined(fingerprint, suspect) : null;
	}

	/**
	 * Note that the worker that had a message is gone.
	 * @return the entry if the message is refused from now on
	 */
	@Nullable QuarantinedMessage lost(Exchange exchange, boolean mayHaveStarted, IpcException cause) {
		boolean crash = mayHaveStarted && cause instanceof WorkerLostException loss && loss.isCrash()
				&& !isBystander(exchange, loss);
		return crash ? died(fingerprint(exchange), Traits.of(exchange), cause.getPeer()) : null;
	}

	/**
	 * Note that a worker ended while a listener had a one-way message.
	 * @return the entry if the message is refused from now on
	 */
	@Nullable QuarantinedMessage fatal(Exchange exchange, IpcException cause) {
		// a worker is only killed at a deadline for a call that did not stop
		boolean bystander = cause instanceof WorkerLostException loss && loss.getLossCause() == LossCause.DEADLINE;
		return bystander ? null : lost(exchange, true, cause);
	}

	/** Return whether the worker was killed because of the overdue calls of others. */
	private static boolean isBystander(Exchange exchange, WorkerLostException loss) {
		return loss.getLossCause() == LossCause.DEADLINE && !exchange.isDone();
	}

	/**
	 * Count the death of a worker that was running a message.
	 * @param fingerprint the message
	 * @param seen what the message looks like
	 * @param worker the worker; its death counts once, even if it had several such
	 * messages
	 * @return the entry if the message is refused from now on
	 */
	synchronized @Nullable QuarantinedMessage died(Fingerprint fingerprint, Traits seen, @Nullable PeerId worker) {
		forgetExpired();
		Suspect suspect = this.suspects.get(fingerprint);
		if (suspect != null && worker != null && worker.equals(suspect.worker)) {
			return null;
		}
		this.suspects.remove(fingerprint);
		suspect = (suspect != null) ? suspect : new Suspect(seen);
		this.suspects.put(fingerprint, suspect);
		suspect.worker = worker;
		suspect.deaths++;
		suspect.since = this.nanoTime.getAsLong();
		forgetOldest();
		return (suspect.deaths == this.rule.deaths()) ? quarantined(fingerprint, suspect) : null;
	}

	private void forgetOldest() {
		Iterator<Fingerprint> oldest = this.suspects.keySet().iterator();
		while (this.suspects.size() > MAX_SUSPECTS) {
			oldest.next();
			oldest.remove();
		}
		suspectsChanged();
	}

	private void suspectsChanged() {
		this.traits = this.suspects.values().stream().map((suspect) -> suspect.traits).collect(Collectors.toSet());
	}

	/**
	 * Let a message run again.
	 * @param id the id of its entry
	 * @return {@code false} if there is no such entry
	 */
	public synchronized boolean release(String id) {
		boolean released = this.suspects.keySet().removeIf((fingerprint) -> fingerprint.toString().equals(id));
		suspectsChanged();
		return released;
	}

	synchronized List<QuarantinedMessage> entries() {
		forgetExpired();
		List<QuarantinedMessage> entries = new ArrayList<>();
		this.suspects.forEach((fingerprint, suspect) -> {
			if (suspect.deaths >= this.rule.deaths()) {
				entries.add(quarantined(fingerprint, suspect));
			}
		});
		return entries;
	}

	private void forgetExpired() {
		long now = this.nanoTime.getAsLong();
		Iterator<Suspect> oldest = this.suspects.values().iterator();
		boolean forgotten = false;
		while (oldest.hasNext() && now - oldest.next().since >= TimeUnit.NANOSECONDS.convert(this.rule.duration())) {
			oldest.remove();
			forgotten = true;
		}
		if (forgotten) {
			suspectsChanged();
		}
	}

	private QuarantinedMessage quarantined(Fingerprint fingerprint, Suspect suspect) {
		long left = TimeUnit.NANOSECONDS.convert(this.rule.duration()) - (this.nanoTime.getAsLong() - suspect.since);
		return new QuarantinedMessage(fingerprint.toString(), fingerprint.destination(), suspect.deaths,
				Duration.ofNanos(left));
	}

	private static Fingerprint fingerprint(Exchange exchange) {
		return Fingerprint.of(exchange.destination(), exchange.key(), exchange.payload());
	}

	private static final class Suspect {

		private final Traits traits;

		private int deaths;

		private @Nullable PeerId worker;

		private long since;

		Suspect(Traits traits) {
			this.traits = traits;
		}

	}

	/**
	 * What equal messages have in common without a look at their payloads.
	 *
	 * @param destination the destination
	 * @param key the caller's key, or {@code null}
	 * @param length the length of the payload; 0 if there is a key
	 */
	record Traits(String destination, @Nullable String key, int length) {

		static Traits of(Exchange exchange) {
			String key = exchange.key();
			return new Traits(exchange.destination(), key, (key != null) ? 0 : exchange.payload().length);
		}

	}

	/**
	 * The identity of a message: the destination and the caller's key, or without a key
	 * the payload.
	 */
	record Fingerprint(String destination, String identity) {

		private static final int DIGEST_BYTES = 12;

		static Fingerprint of(String destination, @Nullable String key, byte[] payload) {
			return new Fingerprint(destination, (key != null) ? "key " + key : "payload " + digest(payload));
		}

		private static String digest(byte[] payload) {
			try {
				byte[] digest = MessageDigest.getInstance("SHA-256").digest(payload);
				return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
			}
			catch (NoSuchAlgorithmException ex) {
				throw new IllegalStateException("Every Java platform has SHA-256", ex);
			}
		}

		@Override
		public String toString() {
			return UntrustedText.line(this.destination + ", " + this.identity);
		}

	}

}
