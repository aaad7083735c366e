package io.ipcboot.messaging;

import java.lang.reflect.Type;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import io.ipcboot.channel.Content;
import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;
import io.ipcboot.channel.PeerId;
import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHeaders;

/**
 * A received message in the form of spring-messaging, whose payload is not converted yet.
 * Used by one thread at a time.
 */
public final class IpcMessage implements Message<byte[]> {

	/** Header with the name of the destination. */
	public static final String DESTINATION = "ipc_destination";

	/** Header with the sender: a {@code ChildProcess} or the {@code ParentProcess}. */
	public static final String SENDER = "ipc_sender";

	/** Header with whether the sender waits for a reply. */
	public static final String REPLY_EXPECTED = "ipc_replyExpected";

	private final Frame frame;

	private final PayloadConverter converter;

	private final Object sender;

	private final PeerId peer;

	private @Nullable MessageHeaders headers;

	private @Nullable Object @Nullable [] values;

	private Type @Nullable [] typesOfValues;

	private boolean handleTaken;

	IpcMessage(Frame frame, PayloadConverter converter, Object sender, PeerId peer) {
		this.frame = frame;
		this.converter = converter;
		this.sender = sender;
		this.peer = peer;
	}

	Frame frame() {
		return this.frame;
	}

	@Override
	public byte[] getPayload() {
		return this.frame.payload();
	}

	@Override
	public MessageHeaders getHeaders() {
		MessageHeaders current = this.headers;
		if (current == null) {
			Map<String, Object> values = new LinkedHashMap<>(this.frame.headers());
			values.keySet().removeIf(OutgoingMessage::isReserved);
			values.put(DESTINATION, this.frame.destination());
			values.put(SENDER, this.sender);
			values.put(REPLY_EXPECTED, this.frame.type() == FrameType.CALL);
			current = new IpcHeaders(values);
			this.headers = current;
		}
		return current;
	}

	/**
	 * Return the sender of the message.
	 * @return the sender's end of the channel
	 */
	public Object sender() {
		return this.sender;
	}

	/**
	 * Return the process that sent the message, as this side knows it.
	 * @return pool, slot and process id
	 */
	public PeerId peer() {
		return this.peer;
	}

	/**
	 * Return the payload as a value.
	 * @param type the wanted type
	 * @return the value
	 * @throws PayloadConversionException if the payload cannot become that type
	 */
	public @Nullable Object payload(Type type) {
		return this.converter.read(new Payload(this.frame.content(), this.frame.payload()), type);
	}

	/**
	 * Return the payload in the type in which it was sent: bytes, text, or maps and
	 * lists.
	 */
	Object naturalPayload() {
		Object value = payload(Object.class);
		return (value != null) ? value : this.frame.payload();
	}

	boolean isEvent() {
		return this.frame.content() == Content.VALUES;
	}

	/**
	 * Return the values of an event.
	 * @param types the types for the parameters of one method, always in the same array
	 */
	@Nullable Object[] values(Type[] types) {
		@Nullable Object[] current = this.values;
		if (current == null || this.typesOfValues != types) {
			current = this.converter.readValues(new Payload(this.frame.content(), this.frame.payload()), types);
			this.values = current;
			this.typesOfValues = types;
		}
		return current;
	}

	/**
	 * Return the handle that came with the message. The handle is closed after the
	 * listener returns, unless the listener adopted or took it.
	 * @return the handle, or {@code null} if there is none
	 */
	public @Nullable Handle handle() {
		return this.frame.handle();
	}

	/**
	 * Take the handle, which belongs to the caller of this method from now on.
	 * @return the handle, or {@code null} if there is none
	 */
	public @Nullable Handle takeHandle() {
		this.handleTaken = true;
		return this.frame.handle();
	}

	void closeUntakenHandle() {
		Handle handle = this.frame.handle();
		if (handle != null && !this.handleTaken) {
			handle.close();
		}
	}

	@Override
	public String toString() {
		return this.frame.toString();
	}

	/** Headers without a random id and a timestamp, which cost time and have no use. */
	private static final class IpcHeaders extends MessageHeaders {

		private static final UUID NO_ID = MessageHeaders.ID_VALUE_NONE;

		IpcHeaders(Map<String, Object> values) {
			super(values, NO_ID, -1L);
		}

	}

}
