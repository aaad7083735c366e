package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.channels.spi.SelectorProvider;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * The members of {@code sun.nio.ch} that {@link JdkChannels} uses; the same in JDK 17 and
 * 25. Can be initialized only if that package is open to this class.
 */
final class JdkInternals {

	static final Class<?> SELECTABLE = type("SelChImpl");

	static final Method GET_DESCRIPTOR = open(() -> SELECTABLE.getMethod("getFD"));

	static final Field FILE_CHANNEL_DESCRIPTOR = field("FileChannelImpl", "fd");

	static final Method LOCAL_ADDRESS = method("Net", "localAddress", FileDescriptor.class);

	static final Method REMOTE_ADDRESS = method("Net", "remoteAddress", FileDescriptor.class);

	static final Method GET_OPTION = method("Net", "getSocketOption", FileDescriptor.class, ProtocolFamily.class,
			SocketOption.class);

	static final Method IPV6_AVAILABLE = method("Net", "isIPv6Available");

	static final Constructor<?> SERVER = constructor("ServerSocketChannelImpl", SelectorProvider.class,
			ProtocolFamily.class, FileDescriptor.class, boolean.class);

	static final Field SERVER_FAMILY = field("ServerSocketChannelImpl", "family");

	static final Constructor<?> SOCKET = constructor("SocketChannelImpl", SelectorProvider.class, ProtocolFamily.class,
			FileDescriptor.class, SocketAddress.class);

	static final Constructor<?> DATAGRAM = constructor("DatagramChannelImpl", SelectorProvider.class,
			FileDescriptor.class);

	static final Field DATAGRAM_FAMILY = field("DatagramChannelImpl", "family");

	static final Field DATAGRAM_REMOTE = field("DatagramChannelImpl", "remoteAddress");

	static final Field DATAGRAM_STATE = field("DatagramChannelImpl", "state");

	/** {@code DatagramChannelImpl.ST_CONNECTED}. */
	static final int DATAGRAM_CONNECTED = 1;

	static final Constructor<?> PIPE_SOURCE = constructor("SourceChannelImpl", SelectorProvider.class,
			FileDescriptor.class);

	static final Constructor<?> PIPE_SINK = constructor("SinkChannelImpl", SelectorProvider.class,
			FileDescriptor.class);

	/** Has one more flag, for direct I/O, since JDK 19. */
	static final Method OPEN_FILE = open(() -> Stream.of(type("FileChannelImpl").getDeclaredMethods())
		.filter((method) -> method.getName().equals("open") && method.getParameterCount() >= 6)
		.findFirst()
		.orElseThrow(NoSuchMethodException::new));

	private JdkInternals() {
	}

	/**
	 * Call a constructor or static method.
	 * @throws IOException if the member throws it
	 */
	static <T> T create(Class<T> type, Object member, @Nullable Object... arguments) throws IOException {
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
			throw differentJdk(ex);
		}
	}

	static void assign(Field field, Object channel, Object value) {
		try {
			field.set(channel, value);
		}
		catch (IllegalAccessException ex) {
			throw differentJdk(ex);
		}
	}

	private static Class<?> type(String name) {
		try {
			return Class.forName("sun.nio.ch." + name);
		}
		catch (ClassNotFoundException ex) {
			throw differentJdk(ex);
		}
	}

	private static Constructor<?> constructor(String type, Class<?>... parameters) {
		return open(() -> type(type).getDeclaredConstructor(parameters));
	}

	private static Method method(String type, String name, Class<?>... parameters) {
		return open(() -> type(type).getDeclaredMethod(name, parameters));
	}

	private static Field field(String type, String name) {
		return open(() -> type(type).getDeclaredField(name));
	}

	private static <M extends AccessibleObject> M open(Member<M> member) {
		try {
			M found = member.find();
			found.setAccessible(true);
			return found;
		}
		catch (ReflectiveOperationException ex) {
			throw differentJdk(ex);
		}
	}

	private static UnsupportedPlatformException differentJdk(ReflectiveOperationException cause) {
		return new UnsupportedPlatformException("The channels of this JDK have a different structure: " + cause, cause);
	}

	private interface Member<M> {

		M find() throws ReflectiveOperationException;

	}

}
