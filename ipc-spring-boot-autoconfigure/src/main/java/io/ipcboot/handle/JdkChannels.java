package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

import org.jspecify.annotations.Nullable;

/**
 * Reads the descriptor of the JDK's own channels in {@code sun.nio.ch}, and builds such
 * channels around descriptors. Only they work with
 * {@link java.nio.channels.Selector#open()}. Needs the package to be open to this class,
 * which it always is in a worker.
 */
final class JdkChannels {

	private static final boolean OPEN = Object.class.getModule().isOpen("sun.nio.ch", JdkChannels.class.getModule());

	private JdkChannels() {
	}

	static boolean areOpen() {
		return OPEN;
	}

	/**
	 * Return the channel's own descriptor, which stays the channel's.
	 * @return the descriptor, or {@code null} if the JDK hides it
	 */
	static @Nullable FileDescriptor descriptorOf(Object channel) {
		if (!OPEN) {
			return null;
		}
		try {
			if (channel instanceof FileChannel) {
				return (FileDescriptor) JdkInternals.FILE_CHANNEL_DESCRIPTOR.get(channel);
			}
			if (JdkInternals.SELECTABLE.isInstance(channel)) {
				return (FileDescriptor) JdkInternals.GET_DESCRIPTOR.invoke(channel);
			}
			return null;
		}
		catch (ReflectiveOperationException | IllegalArgumentException ex) {
			return null;
		}
	}

	static ServerSocketChannel serverSocketChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(ServerSocketChannel.class);
		ProtocolFamily family = familyOf(descriptor);
		ServerSocketChannel channel = JdkInternals.create(ServerSocketChannel.class, JdkInternals.SERVER, provider(),
				family, descriptor, true);
		// the constructor makes no difference between IPv4 and IPv6
		JdkInternals.assign(JdkInternals.SERVER_FAMILY, channel, family);
		return channel;
	}

	static ServerSocketChannel unixServerSocketChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(ServerSocketChannel.class);
		return JdkInternals.create(ServerSocketChannel.class, JdkInternals.SERVER, provider(),
				StandardProtocolFamily.UNIX, descriptor, true);
	}

	static SocketChannel socketChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(SocketChannel.class);
		InetSocketAddress remote = JdkInternals.create(InetSocketAddress.class, JdkInternals.REMOTE_ADDRESS,
				descriptor);
		return JdkInternals.create(SocketChannel.class, JdkInternals.SOCKET, provider(), familyOf(descriptor),
				descriptor, remote);
	}

	static SocketChannel unixSocketChannel(FileDescriptor descriptor, SocketAddress remote) throws IOException {
		requireOpen(SocketChannel.class);
		return JdkInternals.create(SocketChannel.class, JdkInternals.SOCKET, provider(), StandardProtocolFamily.UNIX,
				descriptor, remote);
	}

	static DatagramChannel datagramChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(DatagramChannel.class);
		// rejects other sockets before the constructor does, which has then registered a
		// cleaner that closes the descriptor
		ProtocolFamily family = familyOf(descriptor);
		InetSocketAddress remote = remoteAddress(descriptor);
		DatagramChannel channel = JdkInternals.create(DatagramChannel.class, JdkInternals.DATAGRAM, provider(),
				descriptor);
		JdkInternals.assign(JdkInternals.DATAGRAM_FAMILY, channel, family);
		if (remote != null) {
			// connect() would discard the datagrams that were not received yet
			JdkInternals.assign(JdkInternals.DATAGRAM_REMOTE, channel, remote);
			JdkInternals.assign(JdkInternals.DATAGRAM_STATE, channel, JdkInternals.DATAGRAM_CONNECTED);
		}
		return channel;
	}

	static Pipe.SourceChannel pipeSource(FileDescriptor descriptor) throws IOException {
		requireOpen(Pipe.SourceChannel.class);
		return JdkInternals.create(Pipe.SourceChannel.class, JdkInternals.PIPE_SOURCE, provider(), descriptor);
	}

	static Pipe.SinkChannel pipeSink(FileDescriptor descriptor) throws IOException {
		requireOpen(Pipe.SinkChannel.class);
		return JdkInternals.create(Pipe.SinkChannel.class, JdkInternals.PIPE_SINK, provider(), descriptor);
	}

	static FileChannel readWriteFileChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(FileChannel.class);
		Object[] arguments = (JdkInternals.OPEN_FILE.getParameterCount() == 6)
				? new Object[] { descriptor, null, true, true, false, null }
				: new Object[] { descriptor, null, true, true, false, false, null };
		return JdkInternals.create(FileChannel.class, JdkInternals.OPEN_FILE, arguments);
	}

	static void requireOpen(Class<?> wanted) {
		if (!OPEN) {
			throw new InvalidHandleException(
					"A received descriptor can become a %s only if java.base/sun.nio.ch is open. %s."
						.formatted(wanted.getSimpleName(), DescriptorLookup.hint()));
		}
	}

	private static SelectorProvider provider() {
		return SelectorProvider.provider();
	}

	private static @Nullable InetSocketAddress remoteAddress(FileDescriptor descriptor) throws IOException {
		try {
			return JdkInternals.create(InetSocketAddress.class, JdkInternals.REMOTE_ADDRESS, descriptor);
		}
		catch (ConnectException ex) {
			return null;
		}
	}

	/**
	 * Determine the family that an internet socket was created with. The JDK would assume
	 * IPv6 wherever it is available, and an IPv4 socket could then neither send datagrams
	 * nor set IP_TOS.
	 */
	private static ProtocolFamily familyOf(FileDescriptor descriptor) throws IOException {
		InetSocketAddress local = JdkInternals.create(InetSocketAddress.class, JdkInternals.LOCAL_ADDRESS, descriptor);
		if (!JdkInternals.create(Boolean.class, JdkInternals.IPV6_AVAILABLE)) {
			return StandardProtocolFamily.INET;
		}
		if (local.getAddress() instanceof Inet6Address) {
			return StandardProtocolFamily.INET6;
		}
		try {
			JdkInternals.create(Object.class, JdkInternals.GET_OPTION, descriptor, StandardProtocolFamily.INET6,
					StandardSocketOptions.IP_TOS);
			return StandardProtocolFamily.INET6;
		}
		catch (SocketException ex) {
			return StandardProtocolFamily.INET;
		}
	}

}
