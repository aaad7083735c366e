package io.ipcboot.process;

import java.io.IOException;

import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * Tells a child that its standard input is a channel, and which wire format it speaks.
 */
public final class ChannelEnvironment {

	/** The environment variable. */
	public static final String VARIABLE = "IPC_CHANNEL";

	/** The value for the native wire format, version 1, on descriptor 0. */
	public static final String NATIVE = "native/1";

	private ChannelEnvironment() {
	}

	/**
	 * Whether this process was forked with a channel.
	 * @return {@code true} if the environment says so
	 */
	public static boolean isPresent() {
		return System.getenv(VARIABLE) != null;
	}

	/**
	 * Take over the channel that this process was forked with.
	 * @return the socket, owned by the caller
	 * @throws IOException if standard input is no channel, or speaks another format
	 */
	public static HandleSocket open() throws IOException {
		@Nullable String format = System.getenv(VARIABLE);
		if (!NATIVE.equals(format)) {
			throw new IOException("This process has no channel in the format %s: the environment variable %s is %s"
				.formatted(NATIVE, VARIABLE, format));
		}
		return HandleSocket.takeStandardInput();
	}

}
