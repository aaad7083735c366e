package io.ipcboot;

import java.lang.reflect.Type;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import io.ipcboot.handle.InvalidHandleException;
import io.ipcboot.messaging.ExchangeSender;
import io.ipcboot.messaging.OutgoingMessage;
import io.ipcboot.messaging.Reply;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ParameterizedTypeReference;

/**
 * A message that is being built. Used by one thread, and sent once.
 */
public final class MessageSpec {

	private final Map<String, String> headers = new LinkedHashMap<>();

	private final Supplier<ExchangeSender> sender;

	private final String destination;

	private final @Nullable String handlesRefused;

	private @Nullable Object message;

	private @Nullable List<@Nullable Object> values;

	private @Nullable Object handle;

	private boolean keepOpen;

	private @Nullable Duration deadline;

	private @Nullable String key;

	private boolean idempotent;

	/**
	 * @param sender returns what sends the message, when it is sent
	 */
	MessageSpec(Supplier<ExchangeSender> sender, String destination) {
		this(sender, destination, null);
	}

	/**
	 * @param sender returns what sends the message, when it is sent
	 * @param handlesRefused why handles are refused, or {@code null}
	 */
	MessageSpec(Supplier<ExchangeSender> sender, String destination, @Nullable String handlesRefused) {
		this.sender = sender;
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
	 * @param name the name of the header
	 * @param value the value of the header
	 * @return this message
	 */
	public MessageSpec header(String name, String value) {
		this.headers.put(name, value);
		return this;
	}

	/**
	 * Hand over a socket, channel, file or pipe end. The object is closed when the
	 * message is sent, and the connection lives on in the process that receives it; a
	 * listening or datagram socket stays open here too. If a worker of a pool dies before
	 * a listener has started the message, the handle goes to another worker.
	 * <p>
	 * The message, and whether the other side accepts messages at all, are checked before
	 * the object is taken. If sending fails later, the object is closed, and the text of
	 * the exception contains a note about that.
	 * @param newHandle an object that {@link io.ipcboot.handle.Handle#take} accepts
	 * @return this message
	 * @throws InvalidHandleException if the other process does not accept handles
	 */
	public MessageSpec handle(Object newHandle) {
		if (this.handlesRefused != null) {
			throw new InvalidHandleException(this.handlesRefused);
		}
		this.handle = newHandle;
		return this;
	}

	/**
	 * Keep the object given to {@link #handle} open. Both processes can then use it, and
	 * both have to close it.
	 * @return this message
	 */
	public MessageSpec keepOpen() {
		this.keepOpen = true;
		return this;
	}

	/**
	 * Limit how long the call, or the delivery of the message, may take. A call that a
	 * listener makes on its own thread gets at most the time that is left of the call
	 * that the listener handles, unless this deadline is zero.
	 * @param newDeadline the time from the moment of sending; zero for no limit
	 * @return this message
	 */
	public MessageSpec deadline(Duration newDeadline) {
		this.deadline = newDeadline;
		return this;
	}

	/**
	 * Set the key to which the message belongs, such as a tenant. A pool that balances by
	 * key sends equal keys to the same worker, and a message that killed workers is
	 * recognized by its key.
	 * @param newKey the key
	 * @return this message
	 */
	public MessageSpec key(String newKey) {
		this.key = newKey;
		return this;
	}

	/**
	 * Declare that the call may be handled twice without harm, so that a pool may repeat
	 * it on another worker when one dies; see {@code ipc.pools.<name>.retry}.
	 * @return this message
	 */
	public MessageSpec idempotent() {
		this.idempotent = true;
		return this;
	}

	/**
	 * Send the message one way.
	 * @return completes when a listener has started the message
	 */
	public CompletableFuture<Void> send() {
		return this.sender.get().send(outgoing());
	}

	/**
	 * Send the message as a call and wait for the reply.
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return the reply
	 */
	public <T extends @Nullable Object> T call(Class<T> replyType) {
		return callForReply(replyType).body();
	}

	/**
	 * Send the message as a call and wait for the reply.
	 * @param replyType the generic type of the reply
	 * @param <T> the type of the reply
	 * @return the reply
	 */
	public <T extends @Nullable Object> T call(ParameterizedTypeReference<T> replyType) {
		return this.<T>call(replyType.getType()).body();
	}

	/**
	 * Send the message as a call and wait for the reply.
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return the reply and the process that gave it
	 */
	public <T extends @Nullable Object> Reply<T> callForReply(Class<T> replyType) {
		return call((Type) replyType);
	}

	/**
	 * Send the message as a call.
	 * @param replyType the type of the reply
	 * @param <T> the type of the reply
	 * @return completes with the reply; cancelling it cancels the call
	 */
	public <T extends @Nullable Object> CompletableFuture<T> callAsync(Class<T> replyType) {
		return this.sender.get().callAsync(outgoing(), replyType);
	}

	/**
	 * Send the message as a call.
	 * @param replyType the generic type of the reply
	 * @param <T> the type of the reply
	 * @return completes with the reply; cancelling it cancels the call
	 */
	public <T extends @Nullable Object> CompletableFuture<T> callAsync(ParameterizedTypeReference<T> replyType) {
		return this.sender.get().callAsync(outgoing(), replyType.getType());
	}

	@SuppressWarnings("unchecked")
	private <T extends @Nullable Object> Reply<T> call(Type replyType) {
		return (Reply<T>) this.sender.get().call(outgoing(), replyType);
	}

	private OutgoingMessage outgoing() {
		return new OutgoingMessage(this.destination, this.message, this.values, this.headers, this.handle,
				this.keepOpen, this.deadline, this.key, this.idempotent);
	}

}
