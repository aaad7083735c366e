package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor of a JDK socket by its addresses, for JVMs that hide
 * {@code java.base/sun.nio.ch}.
 */
final class DescriptorLookup {

	private static final String HINT = JdkChannels.areOpen()
			? "Use a ServerSocketChannel, SocketChannel or DatagramChannel, which do not hide theirs"
			: "Add the JVM flag --add-opens java.base/sun.nio.ch=ALL-UNNAMED "
					+ "(or 'Add-Opens: java.base/sun.nio.ch' to the manifest of the executable jar)";

	private DescriptorLookup() {
	}

	/**
	 * Return a duplicate of the descriptor of this process's only socket with the given
	 * addresses.
	 * @throws InvalidHandleException if there is more than one such socket
	 * @throws SocketException if the peer has reset the connection: the kernel then
	 * forgets its addresses
	 */
	static FileDescriptor duplicate(Object socket, HandleKind kind, SocketAddress local, @Nullable SocketAddress remote)
			throws IOException {
		if (!Platform.LINUX) {
			throw new InvalidHandleException(
					"Cannot send %s: the JDK hides its descriptor. %s.".formatted(HandleSource.describe(socket), HINT));
		}
		if (local instanceof InetSocketAddress internet) {
			FileDescriptor own = new OwnSockets(kind, internet, (InetSocketAddress) remote).duplicate();
			if (own != null) {
				return own;
			}
		}
		Map<String, Integer> found = ownDescriptors(SocketTable.inodes(kind, local, remote));
		if (found.isEmpty()) {
			// the table is not read atomically: a row can be missed while others
			// disappear
			found = ownDescriptors(SocketTable.inodes(kind, local, remote));
		}
		if (found.isEmpty()) {
			throw new SocketException("Cannot send %s: it is no longer %s".formatted(HandleSource.describe(socket),
					(remote != null) ? "connected" : "bound"));
		}
		if (found.size() > 1) {
			throw new InvalidHandleException(
					"Cannot send %s: %d sockets of this process have its address, and the JDK hides their descriptors. %s."
						.formatted(HandleSource.describe(socket), found.size(), HINT));
		}
		Map.Entry<String, Integer> match = found.entrySet().iterator().next();
		FileDescriptor duplicate = Descriptors.duplicate(Descriptors.ofNumber(match.getValue()));
		// since the scan, the socket may have been closed and its number reused
		if (!match.getKey().equals(Descriptors.target(Descriptors.number(duplicate)))) {
			Descriptors.close(duplicate);
			throw new SocketException("Cannot send %s: it has been closed".formatted(HandleSource.describe(socket)));
		}
		return duplicate;
	}

	static String hint() {
		return HINT;
	}

	private static Map<String, Integer> ownDescriptors(Set<String> inodes) throws IOException {
		Map<String, Integer> found = new HashMap<>();
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
			for (Path descriptor : descriptors) {
				int number = Integer.parseInt(descriptor.getFileName().toString());
				String target = Descriptors.target(number);
				if (target != null && target.startsWith("socket:[")
						&& inodes.contains(target.substring(8, target.length() - 1))) {
					found.putIfAbsent(target, number);
				}
			}
		}
		return found;
	}

}
