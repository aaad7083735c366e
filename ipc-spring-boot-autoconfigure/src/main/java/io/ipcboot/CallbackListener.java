package io.ipcboot;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Function;

import io.ipcboot.handle.Handle;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.Listener;
import io.ipcboot.messaging.PayloadConversionException;
import org.jspecify.annotations.Nullable;

/**
 * A listener that was registered in code.
 */
final class CallbackListener<T extends @Nullable Object> implements Listener {

	private final String destination;

	private final Class<T> type;

	private final Function<T, @Nullable Object> function;

	private final boolean takesHandle;

	CallbackListener(String destination, Class<T> type, Function<T, @Nullable Object> function) {
		this.destination = destination;
		this.type = type;
		this.function = function;
		this.takesHandle = Handle.isHandleType(type);
	}

	@Override
	public void check(IpcMessage message) {
		Handle handle = message.handle();
		if (this.takesHandle && handle != null) {
			handle.requireType(this.type);
		}
		// a stream may also be that of the payload
		else if (this.takesHandle && this.type != (Class<?>) InputStream.class) {
			throw new PayloadConversionException(
					"the message came without a handle, but %s takes a %s".formatted(describe(), this.type.getName()),
					null);
		}
	}

	@Override
	public @Nullable Object onMessage(IpcMessage message) throws IOException {
		check(message);
		return this.function.apply(argument(message));
	}

	/**
	 * Return the argument; {@code null} for no payload, whether {@code T} allows it or
	 * not.
	 */
	@SuppressWarnings({ "unchecked", "NullAway" })
	private T argument(IpcMessage message) throws IOException {
		Handle handle = this.takesHandle ? message.handle() : null;
		if (handle == null) {
			return (T) message.payload(this.type);
		}
		return (this.type == (Class<?>) Handle.class) ? (T) message.takeHandle() : handle.as(this.type);
	}

	@Override
	public String describe() {
		return "the callback " + this.function.getClass().getName() + " for '" + this.destination + "'";
	}

}
