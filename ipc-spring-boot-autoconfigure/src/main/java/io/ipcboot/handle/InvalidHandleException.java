package io.ipcboot.handle;

import org.jspecify.annotations.Nullable;

/**
 * Thrown for an object that cannot be sent as a handle, or a handle that cannot become
 * the type that the receiver asked for. Nothing has been sent, and the offered object is
 * untouched.
 */
public class InvalidHandleException extends IllegalArgumentException {

	public InvalidHandleException(String message) {
		super(message);
	}

	public InvalidHandleException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
