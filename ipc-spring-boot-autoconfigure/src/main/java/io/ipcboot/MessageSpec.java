package io.ipcboot;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.ipcboot.handle.InvalidHandleException;
import io.ipcboot.messaging.Exchanges;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.Reply;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/**
 * A message that is being put together. Used by one thread, and sent once.
 */
public final class MessageSpec {

	private final Map<String, String> headers = new LinkedHashMap<>();

	private final Exchanges exchanges;

	private final String destination;

	private final @Nullable String handlesRefused;

	private @Nullable Object message;

	private @Nullable List<@Nullable Object> values;

	private @Nullable Object handle;

	private boolean keepOpen;

	private @Nullable Duration deadline;

	private @Nullable String key;

	private boolean idempotent;

	MessageSpec(Exchanges exchanges, String destination) {
		this(exchanges, destination, null);
	}

	/**
	 * @param handlesRefused why there can be no handle, or {@code null}
	 */
	MessageSpec(Exchanges exchanges, String destination, @Nullable String handlesRefused) {
		this.exchanges = exchanges;
		this.destination = destination;
		this.handlesRefused = handlesRefused;
	}

	/**
	 * Set the payload.
	 * @param newMessage {@code byte[]}, {@code ByteBuffer} and text travel as they are,
	 * everything else as JSON
	 * @return this message
	 */
	public MessageSpec message(@Nullable Object newMessage) {
		this.message = newMessage;
		return this;
	}

	/**
	 * Make this an event with the given values instead of a payload.
	 * @param newValues the values
	 * @return this message
	 */
	public MessageSpec values(List<@Nullable Object> newValues) {
		this.values = newValues;
		return this;
	}

	/**
	 * Add a header.
	 * @param name its name
	 * @param value its value
	 * @return this message
	 */
	public MessageSpec header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	/**
	 * Hand over a socket, channel, file or pipe end. The object is closed when the
	 * message is sent, and the connection lives on in the process that takes it; a
	 * listener or datagram socket stays open here too. If the other process dies before a
	 * listener has taken the handle, it goes to another one where there is a pool.
	 * <p>
	 * What can be checked is checked before the object is taken: the message itself, and
	 * whether the other side takes messages at all. If the sending fails later, the
	 * object is closed, and the message of the exception says so.
	 * @param newHandle see {@link io.ipcboot.handle.Handle#take} for what is possible
	 * @return this message
	 * @throws InvalidHandleException if the other process takes no handles
	 */
	public MessageSpec handle(Object newHandle) {
		if (this.handlesRefused != null) {
			throw new InvalidHandleException(this.handlesRefused);
		}
		this.handle = newHandle;
		return this;
	}

	/**
	 * Keep the object given to {@link #handle} open, so that both processes can use it
	 * and both have to close it.
	 * @return this message
	 */
	public MessageSpec keepOpen() {
		this.keepOpen = true;
		return this;
	}

	/**
	 * Limit how long the call, or the delivery of the message, may take.
	 * @param newDeadline the time from the moment of sending; zero for no limit
	 * @return this message
	 */
	public MessageSpec deadline(Duration newDeadline) {
		this.deadline = newDeadline;
		return this;
	}

	/**
	 * Say what the message belongs to, such as a tenant. A pool that balances by key
	 * sends equal keys to the same worker, and a message that has killed workers is
	 * recognized by its key.
	 * @param newKey the key
	 * @return this message
	 */
	public MessageSpec key(String newKey) {
		this.key = newKey;
		return this;
	}

	/**
	 * Say that it does no harm if the call is handled twice, so that a pool may repeat it
	 * on another worker when one dies; see {@code ipc.pools.<name>.retry}.
	 * @return this message
	 */
	public MessageSpec idempotent() {
		this.idempotent = true;
		return this;
	}

	/**
	 * Send it as a one-way message.
	 * @return completes when a listener has taken the message
	 */
	public CompletableFuture<Void> send() {
		return this.exchanges.send(outgoing());
	}

	/**
	 * Send it as a call and wait for the reply.
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return the reply
	 */
	public <T extends @Nullable Object> T call(Class<T> replyType) {
		return callForReply(replyType).body();
	}

	/**
	 * Send it as a call and wait for the reply.
	 * @param replyType the generic type of the reply
	 * @param <T> the type of the reply
	 * @return the reply
	 */
	public <T extends @Nullable Object> T call(ParameterizedTypeReference<T> replyType) {
		return this.<T>call(replyType.getType()).body();
	}

	/**
	 * Send it as a call and wait for the reply.
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return the reply and the process that gave it
	 */
	public <T extends @Nullable Object> Reply<T> callForReply(Class<T> replyType) {
		return call((Type) replyType);
	}

	/**
	 * Send it as a call.
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return completes with the reply; cancelling it cancels the call
	 */
	public <T extends @Nullable Object> CompletableFuture<T> callAsync(Class<T> replyType) {
		return this.exchanges.callAsync(outgoing(), replyType);
	}

	/**
	 * Send it as a call.
	 * @param replyType the generic type of the reply
	 * @param <T> the type of the reply
	 * @return completes with the reply; cancelling it cancels the call
	 */
	public <T extends @Nullable Object> CompletableFuture<T> callAsync(ParameterizedTypeReference<T> replyType) {
		return this.exchanges.callAsync(outgoing(), replyType.getType());
	}

	@SuppressWarnings("unchecked")
	private <T extends @Nullable Object> Reply<T> call(Type replyType) {
		return (Reply<T>) this.exchanges.call(outgoing(), replyType);
	}

	private OutgoingMessage outgoing() {
		return new OutgoingMessage(this.destination, this.message, this.values, this.headers, this.handle,
				this.keepOpen, this.deadline, this.key, this.idempotent);
	}

}
