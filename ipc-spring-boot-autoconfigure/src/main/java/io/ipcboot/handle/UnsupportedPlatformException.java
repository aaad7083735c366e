package io.ipcboot.handle;

import org.jspecify.annotations.Nullable;

/**
 * This platform, or this JVM's configuration, cannot pass descriptors between processes.
 */
public class UnsupportedPlatformException extends IllegalStateException {

	public UnsupportedPlatformException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
