package io.ipcboot.handle;

import java.io.Closeable;
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
public final class Descriptors {

	/** Access mode bits of open(2), the same on every Linux architecture. */
	private static final int O_ACCMODE = 3;

	private static final int O_RDONLY = 0;

	/** The value on x86-64 and arm64. */
	private static final int O_NONBLOCK = 04000;

	private Descriptors() {
	}

	static FileDescriptor duplicate(FileDescriptor descriptor) throws IOException {
		return FileDescriptorCast.duplicating(descriptor).getFileDescriptor();
	}

	/**
	 * Close with close(2) only: junixsocket and {@code java.net.Socket} would also call
	 * shutdown(2), which ends the connection for every process that has it.
	 */
	static void close(FileDescriptor descriptor) throws IOException {
		new FileOutputStream(descriptor).close();
	}

	/**
	 * Close an object that holds a descriptor. A failure is ignored: close(2) has
	 * released the number whatever it reports.
	 * @param holder a socket, channel or file
	 */
	public static void closeQuietly(Closeable holder) {
		try {
			holder.close();
		}
		catch (IOException ex) {
			// see above
		}
	}

	static int number(FileDescriptor descriptor) throws IOException {
		return FileDescriptorCast.using(descriptor).as(Integer.class);
	}

	static FileDescriptor ofNumber(int number) throws IOException {
		return FileDescriptorCast.unsafeUsing(number).getFileDescriptor();
	}

	/**
	 * Return what a descriptor refers to, as in {@code socket:[4711]}; proc(5).
	 * @return the target, or {@code null} if the kernel does not tell
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
	 * Determine the kind of an offered object's descriptor.
	 * @throws InvalidHandleException if this kind cannot be sent
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
			throw new InvalidHandleException(
					"Cannot send %s: its descriptor refers to %s, and only TCP, UDP and Unix-domain stream sockets can be sent"
						.formatted(HandleSource.describe(offered), target));
		}
		return HandleKind.FILE;
	}

	/**
	 * Whether the descriptor can be of the given kind. This check is fast: it does not
	 * tell a listening socket from a connected one, nor a pipe from a file.
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

	/** Return the flags of open(2). */
	private static int flags(int number) throws IOException {
		for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + number))) {
			if (line.startsWith("flags:")) {
				return Integer.parseInt(line.substring(6).trim(), 8);
			}
		}
		throw new IOException("No flags for descriptor " + number);
	}

}
