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
 * addresses. This takes some microseconds for each descriptor. The kernel's list of the
 * sockets of all processes takes milliseconds, and more on machines with more memory.
 *
 * @param kind the kind of the socket
 * @param local the address it is bound to
 * @param remote the address it is connected to
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
				// only one connection has these two addresses
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
	 * Examine a duplicate only: other threads may close the number at any time, and
	 * junixsocket then closes it once more, whatever it stands for by that time. Files
	 * are not duplicated, as closing any descriptor of a file gives up this process's
	 * locks on it, fcntl(2).
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
			// it was closed since it was listed
			return null;
		}
		if (matches(duplicate)) {
			return duplicate;
		}
		Descriptors.close(duplicate);
		return null;
	}

	/** List the newest first: the socket was probably accepted a moment ago. */
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

	/** Compare addresses as the JDK does: the wildcards of IPv4 and IPv6 are equal. */
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
