package io.ipcboot.messaging;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.Recipients;
import org.jspecify.annotations.Nullable;

/**
 * A message or call on its way out of this process, as interceptors see it. Used by one
 * thread at a time.
 */
public final class OutgoingExchange {

	private final Map<String, Object> attributes = new HashMap<>();

	private final Map<String, String> headers;

	private final List<IpcClientInterceptor> interceptors;

	private final OutgoingMessage message;

	private final boolean call;

	private final @Nullable String pool;

	/** How many interceptors were called before sending, and have to be called after. */
	private int entered;

	private boolean admitted;

	private volatile @Nullable Exchange exchange;

	OutgoingExchange(List<IpcClientInterceptor> interceptors, OutgoingMessage message, boolean call,
			@Nullable String pool) {
		this.interceptors = interceptors;
		this.message = message;
		this.headers = new LinkedHashMap<>(message.headers());
		this.call = call;
		this.pool = pool;
	}

	/**
	 * Return the destination.
	 * @return the destination of the message
	 */
	public String destination() {
		return this.message.destination();
	}

	/**
	 * Return whether the sender expects a reply.
	 * @return {@code false} for a one-way message
	 */
	public boolean isCall() {
		return this.call;
	}

	/**
	 * Return the pool that the message is sent to.
	 * @return the name of the pool, or {@code null} if the message goes to the parent or
	 * to a certain child process
	 */
	public @Nullable String pool() {
		return this.pool;
	}

	/**
	 * Return the payload as the sender gave it, before it is converted.
	 * @return the payload, the list of the values of an event, or {@code null}
	 */
	public @Nullable Object payload() {
		return (this.message.values() != null) ? this.message.values() : this.message.payload();
	}

	/**
	 * Return the key that the sender set.
	 * @return the key, or {@code null}
	 */
	public @Nullable String key() {
		return this.message.key();
	}

	/**
	 * Return the deadline that the sender set.
	 * @return how long the outcome may take, zero for no limit, or {@code null} for the
	 * default
	 */
	public @Nullable Duration deadline() {
		return this.message.timeout();
	}

	/**
	 * Return a header.
	 * @param name the name of the header
	 * @return the value, or {@code null}
	 */
	public @Nullable String header(String name) {
		return this.headers.get(name);
	}

	/**
	 * Set a header, which the listener gets.
	 * @param name the name of the header
	 * @param value the value
	 * @throws IllegalStateException if the message is on its way already
	 */
	public void header(String name, String value) {
		if (this.admitted) {
			throw new IllegalStateException(
					"The header '%s' of the message to '%s' comes too late: set it in beforeSend".formatted(name,
							destination()));
		}
		this.headers.put(name, value);
	}

	/**
	 * Return the attributes, for the interceptors' own use. They do not travel.
	 * @return attributes, to be changed at will
	 */
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	/**
	 * Return the process that has the message, or has answered it.
	 * @return the process that was chosen last, or {@code null} if none was
	 */
	public @Nullable PeerId peer() {
		Exchange current = this.exchange;
		return (current != null) ? current.peer() : null;
	}

	/** Call the interceptors, and return the message with their headers. */
	OutgoingMessage enter() {
		try {
			for (IpcClientInterceptor interceptor : this.interceptors) {
				interceptor.beforeSend(this);
				this.entered++;
			}
			this.admitted = true;
			return this.message.withHeaders(this.headers);
		}
		catch (Throwable ex) {
			complete(ex);
			throw ex;
		}
	}

	void sentAs(Exchange newExchange) {
		this.exchange = newExchange;
	}

	/**
	 * Tell the interceptors that a process is about to get the message. Does nothing once
	 * the outcome is known. Throws nothing.
	 */
	synchronized void attempted() {
		for (IpcClientInterceptor interceptor : this.interceptors.subList(0, this.entered)) {
			try {
				interceptor.onAttempt(this);
			}
			catch (Throwable ex) {
				Recipients.log("An interceptor failed for the message to '%s'".formatted(destination()), ex);
			}
		}
	}

	/** Tell the interceptors of the outcome. Throws nothing. */
	synchronized void complete(@Nullable Throwable failure) {
		while (this.entered > 0) {
			this.entered--;
			try {
				this.interceptors.get(this.entered).afterCompletion(this, failure);
			}
			catch (Throwable ex) {
				Recipients.log("An interceptor failed after the message to '%s'".formatted(destination()), ex);
			}
		}
	}

}
