package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;
import org.jspecify.annotations.Nullable;

/**
 * A value could not be turned into a payload, or a payload not into the wanted type.
 */
public class PayloadConversionException extends IpcException {

	public PayloadConversionException(String message, @Nullable Throwable cause) {
		super(null, message, cause);
	}

}
