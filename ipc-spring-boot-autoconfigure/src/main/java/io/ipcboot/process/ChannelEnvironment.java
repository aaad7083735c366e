package io.ipcboot.process;

import java.io.IOException;
import java.util.Map;

import io.ipcboot.handle.HandleSocket;
import io.ipcboot.handle.Platform;

/**
 * Tells a child that its standard input is a channel, and which wire format it speaks.
 */
public final class ChannelEnvironment {

	/** The environment variable that marks standard input as a channel. */
	public static final String VARIABLE = "IPC_CHANNEL";

	/** The value for the native wire format, version 1, on descriptor 0. */
	public static final String NATIVE = "native/1";

	/**
	 * The environment variable with the inode of the child's socket, where the system has
	 * inodes. Processes that inherit the variables have another standard input.
	 */
	public static final String INODE_VARIABLE = "IPC_CHANNEL_INODE";

	/**
	 * Whether there is a channel; determined before {@link #open()} moves the descriptor.
	 */
	private static final boolean PRESENT = System.getenv(VARIABLE) != null
			&& HandleSocket.isStandardInput(System.getenv(INODE_VARIABLE));

	private ChannelEnvironment() {
	}

	/**
	 * Set the variables that tell a child of its channel.
	 * @param environment the environment of the child
	 * @param socket the child's end of the channel
	 * @throws IOException if the socket is closed
	 */
	static void describe(Map<String, String> environment, HandleSocket socket) throws IOException {
		environment.put(VARIABLE, NATIVE);
		String inode = socket.inode();
		if (inode != null) {
			environment.put(INODE_VARIABLE, inode);
		}
	}

	/**
	 * Return whether this process was forked with a channel. The environment alone does
	 * not show that: programs that a worker starts inherit it. Whether the channel can be
	 * used is another question.
	 * @return {@code true} if standard input was a channel when this JVM started
	 */
	public static boolean isPresent() {
		return PRESENT;
	}

	/**
	 * Take over the channel that this process was forked with.
	 * @return the socket, owned by the caller
	 * @throws IOException if standard input is no channel, or speaks another format
	 * @throws io.ipcboot.handle.UnsupportedPlatformException if the native library cannot
	 * be loaded
	 */
	public static HandleSocket open() throws IOException {
		String format = System.getenv(VARIABLE);
		if (!NATIVE.equals(format)) {
			throw new IOException("This process has no channel in the format %s: the environment variable %s is %s"
				.formatted(NATIVE, VARIABLE, format));
		}
		if (!PRESENT) {
			throw new IOException(
					"The environment variable %s is %s, but standard input is not the channel. ".formatted(VARIABLE,
							format) + "The variable was probably inherited from a worker that started this process.");
		}
		Platform.requireSupported();
		return HandleSocket.takeStandardInput();
	}

}
