package io.ipcboot.messaging;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * The listeners by destination. A registry may have a more general registry behind it,
 * which is asked for destinations that the first one does not know.
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
	 * @param general the registry for destinations that are not registered here
	 */
	public ListenerRegistry(@Nullable ListenerRegistry general) {
		this.general = general;
	}

	/**
	 * Add a listener.
	 * @param destination the destination of the messages that the listener takes
	 * @param listener the listener
	 * @throws DuplicateListenerException if the destination is taken in this registry
	 * @throws IllegalArgumentException if the destination is empty or too long
	 */
	public void add(String destination, Listener listener) {
		try {
			ChannelOptions.requireDestination(destination);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("Cannot add %s. %s".formatted(listener.describe(), ex.getMessage()), ex);
		}
		Listener first = this.listeners.putIfAbsent(destination, listener);
		if (first != null) {
			throw new DuplicateListenerException(destination, first, listener);
		}
	}

	/**
	 * Add a listener for messages that do not wait behind others. The listener runs on
	 * the reading thread, so it must not block. If it returns a
	 * {@link java.util.concurrent.CompletionStage}, the value goes back to the sender, as
	 * an urgent message to the same destination.
	 * @param destination the destination of the messages that the listener takes
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
	 * Set a hint for senders to a destination that has no listener here.
	 * @param destination the destination
	 * @param hint one sentence with the remedy
	 */
	public void explainMissing(String destination, String hint) {
		this.hints.put(destination, hint);
	}

	/**
	 * Return the concurrency of all listeners that have a setting of their own.
	 * @return how many messages a listener takes at a time, by destination
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
			return "%s does not listen to %s from %s. To change that, add the pool to the 'from' of the @IpcListener."
				.formatted(closed.describe(), UntrustedText.name(destination), sender);
		}
		return describeMissing(destination);
	}

	private String describeMissing(String destination) {
		String hint = this.hints.get(destination);
		if (hint == null && this.general != null) {
			return this.general.describeMissing(destination);
		}
		return "there is no listener for %s. %s".formatted(UntrustedText.name(destination),
				(hint != null) ? hint : "Annotate a method of a bean with @IpcListener(\""
						+ UntrustedText.line(destination) + "\") or add a listener in code.");
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
