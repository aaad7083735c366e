package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Finds an internet socket among the descriptors of this process by asking each for its
 * addresses: some microseconds for each, where the kernel takes milliseconds, and more
 * the more memory the machine has, to list the sockets of all processes.
 *
 * @param kind what it is
 * @param local what it is bound to
 * @param remote what it is connected to
 */
record OwnSockets(HandleKind kind, InetSocketAddress local, @Nullable InetSocketAddress remote) {

	/**
	 * Duplicate the descriptor of the only socket of this kind and with these addresses.
	 * @return a duplicate, or {@code null} if there is none, or more than one
	 */
	@Nullable FileDescriptor duplicate() throws IOException {
		String found = null;
		FileDescriptor duplicate = null;
		for (int candidate : descriptors()) {
			String target = Descriptors.target(candidate);
			FileDescriptor matching = (target != null && !target.equals(found)) ? duplicateIfSame(candidate, target)
					: null;
			if (matching != null && duplicate != null) {
				Descriptors.close(matching);
				Descriptors.close(duplicate);
				return null;
			}
			if (matching != null && this.kind == HandleKind.TCP_SOCKET) {
				// two addresses make a connection, and there is only one of them
				return matching;
			}
			if (matching != null) {
				found = target;
				duplicate = matching;
			}
		}
		return duplicate;
	}

	/**
	 * Only our own duplicate is ever examined: other threads may close the number at any
	 * time, and junixsocket then closes it once more, whatever it stands for by that
	 * time. What is no socket is not duplicated, as closing any descriptor of a file
	 * gives up this process's locks on it, fcntl(2).
	 */
	private @Nullable FileDescriptor duplicateIfSame(int number, String target) throws IOException {
		if (!target.startsWith("socket:")) {
			return null;
		}
		FileDescriptor duplicate;
		try {
			duplicate = Descriptors.duplicate(Descriptors.ofNumber(number));
		}
		catch (IOException ex) {
			// closed since it was listed
			return null;
		}
		if (matches(duplicate)) {
			return duplicate;
		}
		Descriptors.close(duplicate);
		return null;
	}

	/** The latest first, as it was probably accepted a moment ago. */
	private static List<Integer> descriptors() throws IOException {
		List<Integer> numbers = new ArrayList<>();
		try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			entries.forEach((entry) -> numbers.add(Integer.valueOf(entry.getFileName().toString())));
		}
		numbers.sort(Comparator.reverseOrder());
		return numbers;
	}

	private boolean matches(FileDescriptor descriptor) throws IOException {
		return isSame(this.local, SocketName.local(descriptor)) && isSame(this.remote, SocketName.remote(descriptor))
				&& isDatagram(descriptor) == (this.kind == HandleKind.UDP_SOCKET);
	}

	private static boolean isDatagram(FileDescriptor descriptor) throws IOException {
		return FileDescriptorCast.using(descriptor).isAvailable(DatagramSocket.class);
	}

	/** The wildcard addresses of IPv4 and IPv6 are the same to the JDK. */
	private static boolean isSame(@Nullable InetSocketAddress expected, @Nullable InetSocketAddress actual) {
		if (expected == null || actual == null) {
			return expected == actual;
		}
		InetAddress one = expected.getAddress();
		InetAddress other = actual.getAddress();
		return expected.getPort() == actual.getPort()
				&& ((one.isAnyLocalAddress() && other.isAnyLocalAddress()) || one.equals(other));
	}

}
