package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The JDK's own channel classes in {@code sun.nio.ch}: reading their descriptor, and
 * building one around a descriptor. Only such a channel works with
 * {@link java.nio.channels.Selector#open()}. Works where the package is open to us, which
 * it always is in a worker; the constructors are the same in JDK 17 and 25.
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
				return (FileDescriptor) Internals.FILE_CHANNEL_DESCRIPTOR.get(channel);
			}
			if (Internals.SELECTABLE.isInstance(channel)) {
				return (FileDescriptor) Internals.GET_DESCRIPTOR.invoke(channel);
			}
			return null;
		}
		catch (ReflectiveOperationException | IllegalArgumentException ex) {
			return null;
		}
	}

	static ServerSocketChannel serverSocketChannel(FileDescriptor descriptor, boolean unix) throws IOException {
		requireOpen(ServerSocketChannel.class);
		return create(ServerSocketChannel.class, Internals.SERVER, provider(), family(unix), descriptor, true);
	}

	static SocketChannel socketChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(SocketChannel.class);
		InetSocketAddress remote = create(InetSocketAddress.class, Internals.REMOTE_ADDRESS, descriptor);
		return create(SocketChannel.class, Internals.SOCKET, provider(), family(false), descriptor, remote);
	}

	static SocketChannel unixSocketChannel(FileDescriptor descriptor, SocketAddress remote) throws IOException {
		requireOpen(SocketChannel.class);
		return create(SocketChannel.class, Internals.SOCKET, provider(), family(true), descriptor, remote);
	}

	static DatagramChannel datagramChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(DatagramChannel.class);
		return create(DatagramChannel.class, Internals.DATAGRAM, provider(), descriptor);
	}

	static Pipe.SourceChannel pipeSource(FileDescriptor descriptor) throws IOException {
		requireOpen(Pipe.SourceChannel.class);
		return create(Pipe.SourceChannel.class, Internals.PIPE_SOURCE, provider(), descriptor);
	}

	static Pipe.SinkChannel pipeSink(FileDescriptor descriptor) throws IOException {
		requireOpen(Pipe.SinkChannel.class);
		return create(Pipe.SinkChannel.class, Internals.PIPE_SINK, provider(), descriptor);
	}

	static FileChannel readWriteFileChannel(FileDescriptor descriptor) throws IOException {
		requireOpen(FileChannel.class);
		Object[] arguments = (Internals.OPEN_FILE.getParameterCount() == 6)
				? new Object[] { descriptor, null, true, true, false, null }
				: new Object[] { descriptor, null, true, true, false, false, null };
		return create(FileChannel.class, Internals.OPEN_FILE, arguments);
	}

	private static void requireOpen(Class<?> wanted) {
		if (!OPEN) {
			throw new InvalidHandleException(
					"A received descriptor can become a %s only where java.base/sun.nio.ch is open. %s."
						.formatted(wanted.getSimpleName(), DescriptorLookup.hint()));
		}
	}

	private static SelectorProvider provider() {
		return SelectorProvider.provider();
	}

	private static ProtocolFamily family(boolean unix) throws IOException {
		if (unix) {
			return StandardProtocolFamily.UNIX;
		}
		return create(Boolean.class, Internals.IPV6_AVAILABLE) ? StandardProtocolFamily.INET6
				: StandardProtocolFamily.INET;
	}

	private static <T> T create(Class<T> type, Object member, @Nullable Object... arguments) throws IOException {
		try {
			Object result = (member instanceof Constructor<?> constructor) ? constructor.newInstance(arguments)
					: ((Method) member).invoke(null, arguments);
			return type.cast(result);
		}
		catch (InvocationTargetException ex) {
			if (ex.getCause() instanceof IOException failure) {
				throw failure;
			}
			throw new IOException("Cannot adopt the descriptor as " + type.getSimpleName(), ex.getCause());
		}
		catch (ReflectiveOperationException ex) {
			throw new UnsupportedPlatformException("This JDK's channels are built differently", ex);
		}
	}

	/** Initialized on first use, so only where the package is open. */
	private static final class Internals {

		static final Class<?> SELECTABLE = type("SelChImpl");

		static final Method GET_DESCRIPTOR = open(() -> SELECTABLE.getMethod("getFD"));

		static final Field FILE_CHANNEL_DESCRIPTOR = open(() -> type("FileChannelImpl").getDeclaredField("fd"));

		static final Method REMOTE_ADDRESS = open(
				() -> type("Net").getDeclaredMethod("remoteAddress", FileDescriptor.class));

		static final Method IPV6_AVAILABLE = open(() -> type("Net").getDeclaredMethod("isIPv6Available"));

		static final Constructor<?> SERVER = constructor("ServerSocketChannelImpl", SelectorProvider.class,
				ProtocolFamily.class, FileDescriptor.class, boolean.class);

		static final Constructor<?> SOCKET = constructor("SocketChannelImpl", SelectorProvider.class,
				ProtocolFamily.class, FileDescriptor.class, SocketAddress.class);

		static final Constructor<?> DATAGRAM = constructor("DatagramChannelImpl", SelectorProvider.class,
				FileDescriptor.class);

		static final Constructor<?> PIPE_SOURCE = constructor("SourceChannelImpl", SelectorProvider.class,
				FileDescriptor.class);

		static final Constructor<?> PIPE_SINK = constructor("SinkChannelImpl", SelectorProvider.class,
				FileDescriptor.class);

		/** Has one more flag, for direct I/O, since JDK 19. */
		static final Method OPEN_FILE = open(() -> Stream.of(type("FileChannelImpl").getDeclaredMethods())
			.filter((method) -> method.getName().equals("open") && method.getParameterCount() >= 6)
			.findFirst()
			.orElseThrow(NoSuchMethodException::new));

		private static Class<?> type(String name) {
			try {
				return Class.forName("sun.nio.ch." + name);
			}
			catch (ClassNotFoundException ex) {
				throw new UnsupportedPlatformException("This JDK has no sun.nio.ch." + name, ex);
			}
		}

		private static Constructor<?> constructor(String name, Class<?>... parameters) {
			return open(() -> type(name).getDeclaredConstructor(parameters));
		}

		private static <M extends AccessibleObject> M open(Member<M> member) {
			try {
				M found = member.find();
				found.setAccessible(true);
				return found;
			}
			catch (ReflectiveOperationException ex) {
				throw new UnsupportedPlatformException("This JDK's channels are built differently", ex);
			}
		}

		interface Member<M> {

			M find() throws ReflectiveOperationException;

		}

	}

}
