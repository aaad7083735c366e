package io.ipcboot.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Which listener takes which destination. A registry may have a more general one behind
 * it, which is asked for destinations that it does not know itself.
 */
public final class ListenerRegistry {

	private final Map<String, Listener> listeners = new ConcurrentHashMap<>();

	private final Map<String, Listener> urgent = new ConcurrentHashMap<>();

	private final Map<String, String> hints = new ConcurrentHashMap<>();

	private final @Nullable ListenerRegistry general;

	/**
	 * Create an empty registry.
	 */
	public ListenerRegistry() {
		this(null);
	}

	/**
	 * Create an empty registry in front of another one.
	 * @param general asked for destinations that are not registered here
	 */
	public ListenerRegistry(@Nullable ListenerRegistry general) {
		this.general = general;
	}

	/**
	 * Add a listener.
	 * @param destination the destination that it takes
	 * @param listener the listener
	 * @throws DuplicateListenerException if the destination is taken in this registry
	 * @throws IllegalArgumentException if the destination is empty, or longer than any
	 * message's
	 */
	public void add(String destination, Listener listener) {
		if (destination.isEmpty()) {
			throw new IllegalArgumentException(
					"The destination of a listener must not be empty: " + listener.describe());
		}
		if (destination.length() > ChannelOptions.MAX_DESTINATION_LENGTH) {
			throw new IllegalArgumentException(
					"The destination of a listener must not have more than %d characters: %s, %.40s…"
						.formatted(ChannelOptions.MAX_DESTINATION_LENGTH, listener.describe(), destination));
		}
		Listener first = this.listeners.putIfAbsent(destination, listener);
		if (first != null) {
			throw new DuplicateListenerException(destination, first, listener);
		}
	}

	/**
	 * Add a listener to messages that do not wait behind others. It runs on the thread
	 * that reads, so it must not block.
	 * @param destination the destination that it takes
	 * @param listener the listener
	 * @throws DuplicateListenerException if the destination is taken in this registry
	 */
	public void addUrgent(String destination, Listener listener) {
		Listener first = this.urgent.putIfAbsent(destination, listener);
		if (first != null) {
			throw new DuplicateListenerException(destination, first, listener);
		}
	}

	/**
	 * Remove a listener.
	 * @param destination its destination
	 * @param listener the listener
	 */
	public void remove(String destination, Listener listener) {
		this.listeners.remove(destination, listener);
	}

	/**
	 * Tell senders why a destination has no listener here.
	 * @param destination the destination
	 * @param hint one sentence that says what to do
	 */
	public void explainMissing(String destination, String hint) {
		this.hints.put(destination, hint);
	}

	/**
	 * Return the listeners that say how many messages they take at a time.
	 * @return destinations and numbers
	 */
	public Map<String, Integer> concurrencies() {
		Map<String, Integer> concurrencies = new HashMap<>();
		this.listeners.forEach((destination, listener) -> {
			if (listener.concurrency() > 0) {
				concurrencies.put(destination, listener.concurrency());
			}
		});
		return concurrencies;
	}

	String describeMissing(String destination, PeerId sender) {
		Listener closed = find(destination);
		if (closed != null) {
			return "%s does not listen to '%s' from %s. Add its pool to the 'from' of the @IpcListener if it shall."
				.formatted(closed.describe(), destination, sender);
		}
		return describeMissing(destination);
	}

	private String describeMissing(String destination) {
		String hint = this.hints.get(destination);
		if (hint == null && this.general != null) {
			return this.general.describeMissing(destination);
		}
		return "there is no listener for '%s'. %s".formatted(destination, (hint != null) ? hint
				: "Annotate a method of a bean with @IpcListener(\"" + destination + "\") or add a listener in code.");
	}

	@Nullable Listener findUrgent(String destination) {
		Listener listener = this.urgent.get(destination);
		return (listener != null || this.general == null) ? listener : this.general.findUrgent(destination);
	}

	@Nullable Listener find(String destination, PeerId sender) {
		Listener listener = find(destination);
		return (listener == null || listener.takesFrom(sender)) ? listener : null;
	}

	private @Nullable Listener find(String destination) {
		Listener listener = this.listeners.get(destination);
		return (listener != null || this.general == null) ? listener : this.general.find(destination);
	}

}
