package io.ipcboot.handle;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if this platform, or this JVM's configuration, cannot pass descriptors between
 * processes.
 */
public class UnsupportedPlatformException extends IllegalStateException {

	public UnsupportedPlatformException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
