package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramSocket;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * The types that each kind of handle can become, the preferred type first.
 */
final class HandleTypes {

	private static final Map<HandleKind, List<Form<?>>> FORMS = new EnumMap<>(HandleKind.class);

	private static final Form<FileDescriptor> BARE = new Form<>(FileDescriptor.class, (descriptor) -> descriptor);

	static {
		FORMS.put(HandleKind.TCP_LISTENER,
				List.of(new Form<>(ServerSocketChannel.class, JdkChannels::serverSocketChannel),
						new Form<>(ServerSocket.class, HandleTypes::serverSocket), BARE));
		FORMS.put(HandleKind.UNIX_LISTENER,
				List.of(new Form<>(ServerSocketChannel.class, JdkChannels::unixServerSocketChannel), BARE));
		FORMS.put(HandleKind.TCP_SOCKET,
				List.of(new Form<>(SocketChannel.class, HandleTypes::socketChannel),
						new Form<>(Socket.class, HandleTypes::socket),
						new Form<>(InputStream.class, (it) -> socket(it).getInputStream()),
						new Form<>(OutputStream.class, (it) -> socket(it).getOutputStream()), BARE));
		FORMS.put(HandleKind.UNIX_SOCKET,
				List.of(new Form<>(SocketChannel.class, HandleTypes::unixSocketChannel),
						new Form<>(InputStream.class, HandleTypes::unixInput),
						new Form<>(OutputStream.class, HandleTypes::unixOutput), BARE));
		FORMS.put(HandleKind.UDP_SOCKET, List.of(new Form<>(DatagramChannel.class, JdkChannels::datagramChannel),
				new Form<>(DatagramSocket.class, HandleTypes::datagramSocket), BARE));
		FORMS.put(HandleKind.FILE,
				List.of(new Form<>(FileChannel.class, HandleTypes::fileChannel),
						new Form<>(FileInputStream.class, FileInputStream::new),
						new Form<>(FileOutputStream.class, FileOutputStream::new), BARE));
		FORMS.put(HandleKind.PIPE_SOURCE, List.of(new Form<>(FileInputStream.class, PipeInputStream::new),
				new Form<>(Pipe.SourceChannel.class, JdkChannels::pipeSource), BARE));
		FORMS.put(HandleKind.PIPE_SINK, List.of(new Form<>(FileOutputStream.class, FileOutputStream::new),
				new Form<>(Pipe.SinkChannel.class, JdkChannels::pipeSink), BARE));
	}

	private HandleTypes() {
	}

	static boolean isHandleType(Class<?> type) {
		return type == Handle.class || FORMS.values()
			.stream()
			.flatMap(List::stream)
			.anyMatch((form) -> form.type == type || (form.provides(type) && isChannelOrStream(type)));
	}

	private static boolean isChannelOrStream(Class<?> type) {
		return java.nio.channels.Channel.class.isAssignableFrom(type) || type == InputStream.class
				|| type == OutputStream.class;
	}

	static <T> T adopt(HandleKind kind, FileDescriptor descriptor, Class<T> type) throws IOException {
		return type.cast(form(kind, type).adoption.adopt(descriptor));
	}

	static void require(HandleKind kind, Class<?> type) {
		form(kind, type);
	}

	private static Form<?> form(HandleKind kind, Class<?> type) {
		List<Form<?>> forms = FORMS.getOrDefault(kind, List.of());
		for (Form<?> form : forms) {
			if (form.provides(type)) {
				return form;
			}
		}
		throw new InvalidHandleException("A %s cannot become a %s. It can become: %s.".formatted(kind, type.getName(),
				forms.stream().map((form) -> form.type.getSimpleName()).collect(Collectors.joining(", "))));
	}

	private static ServerSocket serverSocket(FileDescriptor descriptor) throws IOException {
		return JdkChannels.areOpen() ? JdkChannels.serverSocketChannel(descriptor).socket()
				: AdoptedServerSocket.adopt(descriptor);
	}

	private static Socket socket(FileDescriptor descriptor) throws IOException {
		return JdkChannels.areOpen() ? socketChannel(descriptor).socket() : AdoptedConnection.adopt(descriptor);
	}

	private static SocketChannel socketChannel(FileDescriptor descriptor) throws IOException {
		return blocking(JdkChannels.socketChannel(descriptor));
	}

	private static SocketChannel unixSocketChannel(FileDescriptor descriptor) throws IOException {
		var remote = FileDescriptorCast.using(descriptor).as(AFUNIXSocketChannel.class).getRemoteAddress();
		String path = (remote != null && remote.hasFilename()) ? remote.getPath() : "";
		return blocking(JdkChannels.unixSocketChannel(descriptor, UnixDomainSocketAddress.of(path)));
	}

	private static InputStream unixInput(FileDescriptor descriptor) throws IOException {
		return JdkChannels.areOpen() ? Channels.newInputStream(unixSocketChannel(descriptor))
				: AdoptedConnection.adopt(descriptor).getInputStream();
	}

	private static OutputStream unixOutput(FileDescriptor descriptor) throws IOException {
		return JdkChannels.areOpen() ? Channels.newOutputStream(unixSocketChannel(descriptor))
				: AdoptedConnection.adopt(descriptor).getOutputStream();
	}

	private static DatagramSocket datagramSocket(FileDescriptor descriptor) throws IOException {
		JdkChannels.requireOpen(DatagramSocket.class);
		return JdkChannels.datagramChannel(descriptor).socket();
	}

	private static FileChannel fileChannel(FileDescriptor descriptor) throws IOException {
		if (Descriptors.isReadWrite(descriptor)) {
			return JdkChannels.readWriteFileChannel(descriptor);
		}
		return Descriptors.isWritable(descriptor) ? new FileOutputStream(descriptor).getChannel()
				: new FileInputStream(descriptor).getChannel();
	}

	/**
	 * Make the descriptor of a new channel blocking. The channel assumes that it is, but
	 * O_NONBLOCK is part of the open file, so the sender may have left it set. A
	 * connection has one user. Listening sockets and datagram sockets are shared, so
	 * their mode is left unchanged.
	 */
	private static <C extends SelectableChannel> C blocking(C channel) throws IOException {
		channel.configureBlocking(false);
		channel.configureBlocking(true);
		return channel;
	}

	private record Form<T>(Class<T> type, Adoption<T> adoption) {

		boolean provides(Class<?> wanted) {
			return wanted.isAssignableFrom(this.type);
		}

	}

	private interface Adoption<T> {

		T adopt(FileDescriptor descriptor) throws IOException;

	}

}
