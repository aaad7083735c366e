package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;

import org.newsclub.net.unix.AFDatagramChannel;
import org.newsclub.net.unix.AFServerSocketChannel;
import org.newsclub.net.unix.AFSocketChannel;
import org.newsclub.net.unix.FileDescriptorAccess;

/**
 * Gives a socket of junixsocket away. Closing it always calls {@code shutdown(2)}, even
 * after {@code setShutdownOnClose(false)}. If its descriptor is closed first, there is
 * nothing left to shut down.
 */
final class JunixsocketRelease {

	private JunixsocketRelease() {
	}

	static HandleSource source(FileDescriptorAccess offered) throws IOException {
		requireUsable(offered);
		FileDescriptor descriptor = offered.getFileDescriptor();
		return HandleSource.ofDescriptor(offered, descriptor, (duplicate) -> {
			Descriptors.close(descriptor);
			if (offered instanceof Closeable closeable) {
				closeable.close();
			}
		});
	}

	private static void requireUsable(FileDescriptorAccess offered) throws IOException {
		Object socket = socketOf(offered);
		if (socket instanceof Socket connection) {
			HandleSource.requireOpen(offered, !connection.isClosed());
			require(offered, connection.isConnected(), "connected");
		}
		else if (socket instanceof ServerSocket server) {
			HandleSource.requireOpen(offered, !server.isClosed());
			require(offered, server.isBound(), "bound");
		}
		else if (socket instanceof DatagramSocket datagrams) {
			HandleSource.requireOpen(offered, !datagrams.isClosed());
			require(offered, datagrams.isBound(), "bound");
		}
	}

	private static Object socketOf(FileDescriptorAccess offered) {
		if (offered instanceof AFSocketChannel<?> channel) {
			return channel.socket();
		}
		if (offered instanceof AFServerSocketChannel<?> channel) {
			return channel.socket();
		}
		return (offered instanceof AFDatagramChannel<?> channel) ? channel.socket() : offered;
	}

	private static void require(Object offered, boolean state, String name) {
		if (!state) {
			throw new InvalidHandleException(
					"Cannot send %s: it is not %s".formatted(HandleSource.describe(offered), name));
		}
	}

}
