package io.ipcboot.handle;

import org.jspecify.annotations.Nullable;

/**
 * Thrown if the native library cannot be unpacked, because no directory has space and
 * lets code be loaded from it. The platform itself is supported.
 */
public class NativeLibraryException extends UnsupportedPlatformException {

	public NativeLibraryException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
