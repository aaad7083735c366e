package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Gives a connected socket of the JDK away. Closing one may call
 * {@code shutdown(SHUT_WR)}, which ends the connection for the process that receives it:
 * {@code NioSocketImpl.close} always does, {@code SocketChannelImpl} does when it is
 * registered with a selector. Both skip that when SO_LINGER is zero, and such a close
 * does not reset the connection either, as the duplicate keeps it alive.
 */
final class SocketRelease {

	private SocketRelease() {
	}

	static HandleSource source(SocketChannel channel) throws IOException {
		HandleSource.requireOpen(channel, channel.isOpen());
		// a channel that is connecting has a remote address already
		SocketAddress remote = channel.isConnected() ? channel.getRemoteAddress() : null;
		HandleKind kind = connectedKind(channel, remote);
		SocketAddress local = channel.getLocalAddress();
		return new HandleSource(channel, kind, () -> HandleSource.duplicate(channel, kind, local, remote),
				(duplicate) -> {
					if (!channel.isRegistered()) {
						channel.close();
						return;
					}
					int linger = channel.getOption(StandardSocketOptions.SO_LINGER);
					channel.setOption(StandardSocketOptions.SO_LINGER, 0);
					closeAndRestore(channel, linger, duplicate);
				});
	}

	static HandleSource source(Socket socket) {
		HandleSource.requireOpen(socket, !socket.isClosed());
		SocketAddress remote = socket.getRemoteSocketAddress();
		HandleKind kind = connectedKind(socket, remote);
		SocketAddress local = socket.getLocalSocketAddress();
		return new HandleSource(socket, kind, () -> HandleSource.duplicate(socket, kind, local, remote),
				(duplicate) -> {
					int linger = socket.getSoLinger();
					socket.setSoLinger(true, 0);
					closeAndRestore(socket, linger, duplicate);
				});
	}

	private static HandleKind connectedKind(Object socket, @Nullable SocketAddress remote) {
		if (remote == null) {
			throw new InvalidHandleException(
					"Cannot send %s: it is not connected".formatted(HandleSource.describe(socket)));
		}
		return (remote instanceof UnixDomainSocketAddress) ? HandleKind.UNIX_SOCKET : HandleKind.TCP_SOCKET;
	}

	private static void closeAndRestore(Closeable socket, int linger, FileDescriptor duplicate) throws IOException {
		try {
			socket.close();
		}
		finally {
			SocketChannel view = FileDescriptorCast.using(duplicate).as(SocketChannel.class);
			view.setOption(StandardSocketOptions.SO_LINGER, linger);
		}
	}

}
