package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.FileDescriptorAccess;

/**
 * An object offered for sending: what it is, how to duplicate its descriptor, and how to
 * take the object out of the sender's hands without disturbing the connection.
 *
 * @param object the object that owns the descriptor: for a socket with a channel, the
 * channel
 */
record HandleSource(Object object, HandleKind kind, Duplication duplication, Release release) {

	/**
	 * Create a source for an offered object.
	 * @throws InvalidHandleException if the object cannot be sent; it is untouched
	 */
	static HandleSource of(Object offered) throws IOException {
		if (offered instanceof Handle handle) {
			requireOpen(handle, handle.isOpen());
			return new HandleSource(handle, handle.kind(), handle::duplicate,
					handle.kind().isShared() ? Release.NOTHING : (duplicate) -> handle.close());
		}
		if (offered instanceof SSLSocket || offered instanceof SSLServerSocket) {
			throw new InvalidHandleException(
					"Cannot send a %s: the state of a TLS connection cannot leave its process. "
						.formatted(offered.getClass().getName()) + "Hand over the plain socket before the handshake.");
		}
		if (offered instanceof FileDescriptorAccess junixsocket) {
			return JunixsocketRelease.source(junixsocket);
		}
		if (offered instanceof ServerSocketChannel channel) {
			SocketAddress local = channel.isOpen() ? channel.getLocalAddress() : null;
			return listening(offered, channel.isOpen(), local);
		}
		if (offered instanceof ServerSocket socket) {
			return (socket.getChannel() != null) ? of(socket.getChannel())
					: listening(offered, !socket.isClosed(), socket.getLocalSocketAddress());
		}
		if (offered instanceof SocketChannel channel) {
			return SocketRelease.source(channel);
		}
		if (offered instanceof Socket socket) {
			return (socket.getChannel() != null) ? of(socket.getChannel()) : SocketRelease.source(socket);
		}
		if (offered instanceof DatagramChannel channel) {
			SocketAddress local = channel.isOpen() ? channel.getLocalAddress() : null;
			return datagram(offered, channel.isOpen(), local, channel.isOpen() ? channel.getRemoteAddress() : null);
		}
		if (offered instanceof DatagramSocket socket) {
			return (socket.getChannel() != null) ? of(socket.getChannel()) : datagram(offered, !socket.isClosed(),
					socket.isBound() ? socket.getLocalSocketAddress() : null, socket.getRemoteSocketAddress());
		}
		return ofFile(offered);
	}

	private static HandleSource ofFile(Object offered) throws IOException {
		if (offered instanceof FileInputStream stream) {
			return ofDescriptor(offered, stream.getFD(), (duplicate) -> stream.close());
		}
		if (offered instanceof FileOutputStream stream) {
			return ofDescriptor(offered, stream.getFD(), (duplicate) -> stream.close());
		}
		if (offered instanceof RandomAccessFile file) {
			return ofDescriptor(offered, file.getFD(), (duplicate) -> file.close());
		}
		if (offered instanceof FileDescriptor descriptor) {
			return ofDescriptor(offered, descriptor, (duplicate) -> Descriptors.close(descriptor));
		}
		if (offered instanceof FileChannel channel) {
			requireOpen(offered, channel.isOpen());
			return ofHidden(offered, "FileInputStream, FileOutputStream or RandomAccessFile");
		}
		if (offered instanceof Pipe.SourceChannel || offered instanceof Pipe.SinkChannel) {
			requireOpen(offered, ((java.nio.channels.Channel) offered).isOpen());
			return ofHidden(offered, "io.ipcboot.handle.IpcPipe");
		}
		throw new InvalidHandleException("Cannot send a %s as a handle. Supported are ServerSocketChannel, "
			.formatted(offered.getClass().getName())
				+ "ServerSocket, SocketChannel, Socket, DatagramChannel, DatagramSocket, FileInputStream, "
				+ "FileOutputStream, RandomAccessFile, FileChannel, FileDescriptor, the ends of a Pipe or IpcPipe, "
				+ "a received Handle, and the sockets of junixsocket.");
	}

	private static HandleSource listening(Object offered, boolean open, @Nullable SocketAddress local) {
		requireOpen(offered, open);
		if (local == null) {
			throw new InvalidHandleException("Cannot send %s: it is not bound".formatted(describe(offered)));
		}
		HandleKind kind = (local instanceof UnixDomainSocketAddress) ? HandleKind.UNIX_LISTENER
				: HandleKind.TCP_LISTENER;
		return new HandleSource(offered, kind, () -> duplicate(offered, kind, local, null), Release.NOTHING);
	}

	private static HandleSource datagram(Object offered, boolean open, @Nullable SocketAddress local,
			@Nullable SocketAddress remote) {
		requireOpen(offered, open);
		if (local == null) {
			throw new InvalidHandleException("Cannot send %s: it is not bound".formatted(describe(offered)));
		}
		return new HandleSource(offered, HandleKind.UDP_SOCKET,
				() -> duplicate(offered, HandleKind.UDP_SOCKET, local, remote), Release.NOTHING);
	}

	private static HandleSource ofHidden(Object offered, String alternative) throws IOException {
		FileDescriptor descriptor = JdkChannels.descriptorOf(offered);
		if (descriptor == null) {
			throw new InvalidHandleException("Cannot send %s: the JDK hides its descriptor. Send a %s instead, or: %s."
				.formatted(describe(offered), alternative, DescriptorLookup.hint()));
		}
		return ofDescriptor(offered, descriptor, (duplicate) -> ((Closeable) offered).close());
	}

	static HandleSource ofDescriptor(Object offered, FileDescriptor descriptor, Release release) throws IOException {
		requireOpen(offered, descriptor.valid());
		HandleKind kind = Descriptors.kindOf(offered, descriptor);
		boolean standardStream = Descriptors.number(descriptor) <= 2;
		return new HandleSource(offered, kind, () -> Descriptors.duplicate(descriptor),
				(kind.isShared() || standardStream) ? Release.NOTHING : release);
	}

	static FileDescriptor duplicate(Object socket, HandleKind kind, SocketAddress local, @Nullable SocketAddress remote)
			throws IOException {
		FileDescriptor descriptor = JdkChannels.descriptorOf(socket);
		if (descriptor == null) {
			return DescriptorLookup.duplicate(socket, kind, local, remote);
		}
		FileDescriptor duplicate = Descriptors.duplicate(descriptor);
		// a closed channel keeps its number, which may stand for another file by now
		if (socket instanceof Channel channel && !channel.isOpen()) {
			Descriptors.close(duplicate);
			requireOpen(socket, false);
		}
		return duplicate;
	}

	static void requireOpen(Object offered, boolean open) {
		if (!open) {
			throw new InvalidHandleException("Cannot send %s: it %s".formatted(describe(offered),
					HandedOverObjects.contains(offered) ? "has already been handed over" : "is closed"));
		}
	}

	static String describe(Object offered) {
		return "the " + offered.getClass().getName() + " [" + offered + "]";
	}

	interface Duplication {

		FileDescriptor duplicate() throws IOException;

	}

	interface Release {

		Release NOTHING = (duplicate) -> {
		};

		/**
		 * Take the offered object out of the sender's hands.
		 * @param duplicate the duplicate that lives on
		 */
		void release(FileDescriptor duplicate) throws IOException;

	}

}
