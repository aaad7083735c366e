package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Finds the descriptor of a JDK socket by its addresses, for JVMs in which
 * {@code java.base/sun.nio.ch} is closed to us.
 */
final class DescriptorLookup {

	private static final String HINT = "Add the JVM flag --add-opens java.base/sun.nio.ch=ALL-UNNAMED "
			+ "(or 'Add-Opens: java.base/sun.nio.ch' to the manifest of the executable jar)";

	private DescriptorLookup() {
	}

	/**
	 * Return a duplicate of the descriptor of this process's only socket with the given
	 * addresses.
	 * @throws InvalidHandleException if there is no such socket, or more than one
	 */
	static FileDescriptor duplicate(Object socket, HandleKind kind, SocketAddress local, @Nullable SocketAddress remote)
			throws IOException {
		if (!Platform.LINUX) {
			throw new InvalidHandleException("The descriptor of %s is hidden by the JDK. %s.".formatted(socket, HINT));
		}
		Map<String, Integer> found = ownDescriptors(SocketTable.inodes(kind, local, remote));
		if (found.isEmpty()) {
			throw new InvalidHandleException("No open descriptor of this process belongs to " + socket);
		}
		if (found.size() > 1) {
			throw new InvalidHandleException(
					"%d sockets of this process have the address of %s, so its descriptor cannot be told from theirs. %s."
						.formatted(found.size(), socket, HINT));
		}
		Map.Entry<String, Integer> match = found.entrySet().iterator().next();
		FileDescriptor duplicate = Descriptors.duplicate(Descriptors.ofNumber(match.getValue()));
		// the socket may have been closed, and its number given to another, since the
		// scan
		if (!match.getKey().equals(Descriptors.target(Descriptors.number(duplicate)))) {
			Descriptors.close(duplicate);
			throw new InvalidHandleException(socket + " was closed while its descriptor was looked up");
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
