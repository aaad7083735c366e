package io.ipcboot.handle;

import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.AFSocketCapability;

/**
 * What this operating system and this JVM can do.
 */
public final class Platform {

	static final boolean LINUX = osName().contains("linux");

	private static final AFSocketCapability[] REQUIRED = { AFSocketCapability.CAPABILITY_NATIVE_SOCKETPAIR,
			AFSocketCapability.CAPABILITY_FILE_DESCRIPTORS, AFSocketCapability.CAPABILITY_FD_AS_REDIRECT,
			AFSocketCapability.CAPABILITY_UNSAFE };

	/** Caches the result, as the check is made for every message. */
	private static volatile boolean supported;

	private Platform() {
	}

	/**
	 * Check that worker processes with a channel can be forked here.
	 * @throws UnsupportedPlatformException if not, with the reason and what to do
	 */
	public static void requireSupported() {
		if (supported) {
			return;
		}
		if (osName().contains("windows")) {
			throw new UnsupportedPlatformException(
					"Windows cannot pass sockets between processes in the way this library "
							+ "needs. Run the application on Linux (or in WSL 2), or set 'ipc.enabled=false'.",
					null);
		}
		// first, as it chooses where the library is unpacked
		String problem = NativeLibrary.problem();
		for (AFSocketCapability capability : REQUIRED) {
			requireCapability(capability, problem);
		}
		supported = true;
	}

	static boolean isLibraryLoaded() {
		try {
			NativeLibrary.problem();
			return AFSocket.isSupported();
		}
		catch (LinkageError ex) {
			return false;
		}
	}

	private static void requireCapability(AFSocketCapability capability, @Nullable String problem) {
		try {
			if (AFSocket.supports(capability)) {
				return;
			}
		}
		catch (LinkageError ex) {
			throw notLoaded(problem, ex);
		}
		if (!AFSocket.isSupported()) {
			throw notLoaded(problem, null);
		}
		throw unsupported("junixsocket reports that it lacks " + capability, null);
	}

	private static UnsupportedPlatformException notLoaded(@Nullable String problem, @Nullable LinkageError cause) {
		return (problem == null) ? unsupported("the native library of junixsocket could not be loaded", cause)
				: new NativeLibraryException(
						"Worker processes cannot be forked: the native library of junixsocket cannot be unpacked, as "
								+ problem + ".",
						cause);
	}

	private static UnsupportedPlatformException unsupported(String reason, @Nullable LinkageError cause) {
		return new UnsupportedPlatformException("Worker processes cannot be forked on %s/%s: %s."
			.formatted(System.getProperty("os.name"), System.getProperty("os.arch"), reason), cause);
	}

	private static String osName() {
		return System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
	}

}
