package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a value could not be converted to a payload, or a payload not to the wanted
 * type.
 */
public class PayloadConversionException extends IpcException {

	public PayloadConversionException(String message, @Nullable Throwable cause) {
		super(null, message, cause);
	}

}
