package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXDatagramSocket;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Operations on bare descriptors.
 */
final class Descriptors {

	/** Access mode bits of open(2), the same on every Linux architecture. */
	private static final int O_ACCMODE = 3;

	private static final int O_RDONLY = 0;

	/** Of x86-64 and arm64. */
	private static final int O_NONBLOCK = 04000;

	private Descriptors() {
	}

	static FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
		return FileDescriptorCast.duplicating(descriptor).getFileDescriptor();
	}

	/**
	 * Close with close(2) and nothing else: junixsocket and {@code java.net.Socket} would
	 * also call shutdown(2), which ends the connection for every process that has it.
	 */
	static void close(FileDescriptor descriptor) throws IOException {
		new FileOutputStream(descriptor).close();
	}

	static int number(FileDescriptor descriptor) throws IOException {
		return FileDescriptorCast.using(descriptor).as(Integer.class);
	}

	static FileDescriptor ofNumber(int number) throws IOException {
		return FileDescriptorCast.unsafeUsing(number).getFileDescriptor();
	}

	/**
	 * What the kernel says the descriptor refers to, as in {@code socket:[4711]};
	 * proc(5).
	 */
	static @Nullable String target(int number) {
		try {
			return Files.readSymbolicLink(Path.of("/proc/self/fd/" + number)).toString();
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * Find out what the descriptor of an offered object refers to.
	 * @throws InvalidHandleException if that cannot be sent
	 */
	static HandleKind kindOf(Object offered, FileDescriptor descriptor) throws IOException {
		FileDescriptorCast cast = FileDescriptorCast.using(descriptor);
		int number = cast.as(Integer.class);
		if (cast.isAvailable(AFUNIXSocket.class)) {
			return SocketTable.isListening(number, true) ? HandleKind.UNIX_LISTENER : HandleKind.UNIX_SOCKET;
		}
		if (cast.isAvailable(Socket.class)) {
			return (SocketName.remote(descriptor) == null && SocketTable.isListening(number, false))
					? HandleKind.TCP_LISTENER : HandleKind.TCP_SOCKET;
		}
		if (cast.isAvailable(DatagramSocket.class) && !cast.isAvailable(AFUNIXDatagramSocket.class)) {
			return HandleKind.UDP_SOCKET;
		}
		String target = target(number);
		if (target == null) {
			return HandleKind.FILE;
		}
		if (target.startsWith("pipe:")) {
			return (accessMode(number) == O_RDONLY) ? HandleKind.PIPE_SOURCE : HandleKind.PIPE_SINK;
		}
		if (target.startsWith("socket:") || target.startsWith("anon_inode:")) {
			throw new InvalidHandleException("Cannot send %s: its descriptor refers to %s, and of these only TCP, UDP "
				.formatted(HandleSource.describe(offered), target) + "and Unix-domain stream sockets can be sent");
		}
		return HandleKind.FILE;
	}

	/**
	 * Whether the descriptor can be of the given kind, as far as that shows quickly: a
	 * listener is not told from a connection, nor a pipe from a file.
	 */
	static boolean canBe(HandleKind kind, FileDescriptor descriptor) throws IOException {
		FileDescriptorCast cast = FileDescriptorCast.using(descriptor);
		boolean unix = cast.isAvailable(AFUNIXSocket.class);
		return switch (kind) {
			case UNIX_LISTENER, UNIX_SOCKET -> unix;
			case TCP_LISTENER, TCP_SOCKET -> !unix && cast.isAvailable(Socket.class);
			case UDP_SOCKET -> cast.isAvailable(DatagramSocket.class);
			case FILE, PIPE_SOURCE, PIPE_SINK ->
				!cast.isAvailable(Socket.class) && !cast.isAvailable(DatagramSocket.class);
		};
	}

	static boolean isWritable(FileDescriptor descriptor) throws IOException {
		return accessMode(number(descriptor)) != O_RDONLY;
	}

	static boolean isReadWrite(FileDescriptor descriptor) throws IOException {
		return accessMode(number(descriptor)) == 2;
	}

	static boolean isNonBlocking(FileDescriptor descriptor) throws IOException {
		return (flags(number(descriptor)) & O_NONBLOCK) != 0;
	}

	private static int accessMode(int number) throws IOException {
		return flags(number) & O_ACCMODE;
	}

	/** The flags of open(2). */
	private static int flags(int number) throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + number))) {
			if (line.startsWith("flags:")) {
				return Integer.parseInt(line.substring(6).trim(), 8);
			}
		}
		throw new IOException("No flags for descriptor " + number);
	}

}
