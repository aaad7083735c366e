package io.ipcboot.handle;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The main class of a {@link WorkerJvm}. A positive byte is the kind of a received
 * handle, which is served once; a negative one asks for a handle of that kind; 0 asks
 * what became of the standard input.
 */
final class WorkerMain {

	private static final byte[] GREETING = ("worker " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);

	private WorkerMain() {
	}

	public static void main(String[] args) throws IOException {
		try (HandleSocket parent = HandleSocket.takeStandardInput()) {
			parent.acceptHandles(true);
			byte[] command = new byte[1];
			while (parent.read(command, 0, 1) == 1) {
				byte[] reply = perform(parent, command[0]).getBytes(StandardCharsets.UTF_8);
				parent.write(new byte[] { (byte) (reply.length >> 8), (byte) reply.length }, 0, 2);
				parent.write(reply, 0, reply.length);
			}
		}
		System.out.println(OpenDescriptors.byNumber("socket:").size() + " sockets are open at the end");
	}

	private static String perform(HandleSocket parent, int command) {
		HandleKind kind = HandleKind.of(Math.abs(command));
		try {
			if (kind == null) {
				return "read %d from System.in, 0 -> %s".formatted(System.in.read(), Descriptors.target(0));
			}
			if (command < 0) {
				return open(parent, kind);
			}
			try (Handle handle = parent.pollReceived(kind)) {
				return serve(handle);
			}
		}
		catch (Exception ex) {
			StringWriter text = new StringWriter();
			ex.printStackTrace(new PrintWriter(text));
			return text.toString();
		}
	}

	private static String serve(Handle handle) throws IOException {
		return switch (handle.kind()) {
			case TCP_LISTENER, UNIX_LISTENER -> {
				try (ServerSocketChannel listener = handle.as(ServerSocketChannel.class);
						SocketChannel accepted = listener.accept()) {
					yield answer(accepted);
				}
			}
			case TCP_SOCKET, UNIX_SOCKET -> {
				try (SocketChannel connection = handle.as(SocketChannel.class)) {
					yield answer(connection);
				}
			}
			case UDP_SOCKET -> {
				try (DatagramChannel channel = handle.as(DatagramChannel.class)) {
					ByteBuffer packet = ByteBuffer.allocate(100);
					SocketAddress sender = channel.receive(packet);
					channel.send(ByteBuffer.wrap(GREETING), sender);
					yield text(packet);
				}
			}
			case FILE -> {
				try (FileChannel file = handle.as(FileChannel.class)) {
					yield access(file);
				}
			}
			case PIPE_SOURCE -> {
				try (FileInputStream source = handle.as(FileInputStream.class)) {
					yield new String(source.readAllBytes(), StandardCharsets.UTF_8);
				}
			}
			case PIPE_SINK -> {
				try (FileOutputStream sink = handle.as(FileOutputStream.class)) {
					sink.write(GREETING);
					yield "written";
				}
			}
		};
	}

	private static String answer(SocketChannel connection) throws IOException {
		String line = TestClient.readLine(connection);
		TestClient.writeLine(connection, new String(GREETING, StandardCharsets.UTF_8));
		return line;
	}

	/**
	 * Read what can be read, else write.
	 */
	private static String access(FileChannel file) throws IOException {
		ByteBuffer content = ByteBuffer.allocate(100);
		try {
			file.read(content);
			return text(content);
		}
		catch (java.nio.channels.NonReadableChannelException ex) {
			file.write(ByteBuffer.wrap(GREETING));
			return "written";
		}
	}

	private static String text(ByteBuffer buffer) {
		return new String(Arrays.copyOf(buffer.array(), buffer.position()), StandardCharsets.UTF_8);
	}

	/**
	 * Open something, send it, and use what remains here once.
	 */
	private static String open(HandleSocket parent, HandleKind kind) throws IOException {
		InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		if (kind == HandleKind.UDP_SOCKET) {
			try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET).bind(anyPort)) {
				send(parent, Handle.take(channel));
				return channel.getLocalAddress().toString();
			}
		}
		try (ServerSocketChannel listener = ServerSocketChannel.open().bind(anyPort)) {
			if (kind == HandleKind.TCP_LISTENER) {
				send(parent, Handle.take(listener));
				return listener.getLocalAddress().toString();
			}
			try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
					SocketChannel accepted = listener.accept()) {
				send(parent, Handle.take(accepted));
				return TestClient.readLine(client);
			}
		}
	}

	private static void send(HandleSocket parent, Handle handle) throws IOException {
		try (handle) {
			parent.write(new byte[] { 0 }, 0, 1, handle);
		}
	}

}
