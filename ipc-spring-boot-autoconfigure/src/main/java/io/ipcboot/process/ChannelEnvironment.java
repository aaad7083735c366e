package io.ipcboot.process;

import java.io.IOException;
import java.util.Map;

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

	/**
	 * The environment variable with the inode of the child's socket, where the system has
	 * such numbers. Processes that inherit the variables have another standard input.
	 */
	public static final String INODE_VARIABLE = "IPC_CHANNEL_INODE";

	/** Looked at before {@link #open()} moves the descriptor. */
	private static final boolean PRESENT = System.getenv(VARIABLE) != null && HandleSocket.isStandardInput()
			&& isExpected(System.getenv(INODE_VARIABLE));

	private ChannelEnvironment() {
	}

	private static boolean isExpected(@Nullable String inode) {
		return inode == null || inode.equals(HandleSocket.standardInputInode());
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
	 * Whether this process was forked with a channel. The environment alone does not say
	 * so: programs that a worker starts inherit it.
	 * @return {@code true} if standard input was a channel when this JVM started
	 */
	public static boolean isPresent() {
		return PRESENT;
	}

	/**
	 * Take over the channel that this process was forked with.
	 * @return the socket, owned by the caller
	 * @throws IOException if standard input is no channel, or speaks another format
	 */
	public static HandleSocket open() throws IOException {
		String format = System.getenv(VARIABLE);
		if (!NATIVE.equals(format)) {
			throw new IOException("This process has no channel in the format %s: the environment variable %s is %s"
				.formatted(NATIVE, VARIABLE, format));
		}
		if (!PRESENT) {
			throw new IOException("The environment variable %s says %s, but standard input is not the channel. "
				.formatted(VARIABLE, format)
					+ "The variable was probably inherited from a worker that has started this process.");
		}
		return HandleSocket.takeStandardInput();
	}

}
