package io.ipcboot.handle;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The kernel's list of open sockets, {@code /proc/self/net/*}, see proc(5). Yields a
 * socket's inode where the JDK hides its descriptor.
 */
final class SocketTable {

	private static final String TCP_LISTEN = "0A";

	/** {@code __SO_ACCEPTCON} in the flags column of {@code /proc/net/unix}. */
	private static final int ACCEPTS_CONNECTIONS = 1 << 16;

	/** Bytes 8 to 11 of an IPv4-mapped IPv6 address, RFC 4291 section 2.5.5.2. */
	private static final int V4_MAPPED = 0x0000FFFF;

	private SocketTable() {
	}

	/**
	 * Find the inodes of the sockets of all processes that have the given addresses.
	 */
	static Set<String> inodes(HandleKind kind, SocketAddress local, @Nullable SocketAddress remote) throws IOException {
		Set<String> inodes = new HashSet<>();
		if (local instanceof UnixDomainSocketAddress unix) {
			String path = inTableEncoding(unix.getPath().toString());
			unixSockets((row) -> {
				if (row.listening() == (kind == HandleKind.UNIX_LISTENER) && row.path().equals(path)) {
					inodes.add(row.inode());
				}
			});
		}
		else {
			String protocol = (kind == HandleKind.UDP_SOCKET) ? "udp" : "tcp";
			Endpoint from = Endpoint.of((InetSocketAddress) local);
			Endpoint to = (remote != null) ? Endpoint.of((InetSocketAddress) remote) : Endpoint.NONE;
			internetSockets(protocol, (row) -> {
				if (row.listening() == (kind == HandleKind.TCP_LISTENER) && row.isBetween(from, to)) {
					inodes.add(row.inode());
				}
			});
		}
		return inodes;
	}

	static boolean isListening(int descriptor, boolean unix) throws IOException {
		String target = Descriptors.target(descriptor);
		List<Boolean> found = new ArrayList<>();
		if (unix) {
			unixSockets((row) -> addIf(found, row.inode(), target, row.listening()));
		}
		else {
			internetSockets("tcp", (row) -> addIf(found, row.inode(), target, row.listening()));
		}
		return found.contains(true);
	}

	private static void addIf(List<Boolean> found, String inode, @Nullable String target, boolean listening) {
		if (("socket:[" + inode + "]").equals(target)) {
			found.add(listening);
		}
	}

	private static void internetSockets(String protocol, Consumer<InternetRow> rows) throws IOException {
		for (String table : List.of(protocol, protocol + "6")) {
			lines(table, (line) -> rows.accept(InternetRow.parse(line)));
		}
	}

	private static void unixSockets(Consumer<UnixRow> rows) throws IOException {
		lines("unix", (line) -> {
			UnixRow row = UnixRow.parse(line);
			if (row != null) {
				rows.accept(row);
			}
		});
	}

	private static void lines(String table, Consumer<String> consumer) throws IOException {
		try (var reader = Files.newBufferedReader(Path.of("/proc/self/net", table), StandardCharsets.ISO_8859_1)) {
			reader.readLine();
			reader.lines().forEach(consumer);
		}
		catch (NoSuchFileException ex) {
			// the kernel was built without this protocol
		}
	}

	/**
	 * Convert a path to the form that it has in the table: its bytes, each read as a
	 * character of ISO-8859-1.
	 */
	private static String inTableEncoding(String path) {
		return new String(path.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
	}

	private record Endpoint(byte[] address, int port) {

		static final Endpoint NONE = new Endpoint(new byte[0], 0);

		static Endpoint of(InetSocketAddress address) {
			boolean any = address.getAddress().isAnyLocalAddress();
			return new Endpoint(any ? NONE.address : address.getAddress().getAddress(), address.getPort());
		}

		static Endpoint parse(String column) {
			int colon = column.indexOf(':');
			// each 32-bit word is printed as a number in the machine's byte order
			ByteBuffer words = ByteBuffer.wrap(HexFormat.of().parseHex(column, 0, colon));
			ByteBuffer address = ByteBuffer.allocate(words.remaining()).order(ByteOrder.nativeOrder());
			while (words.hasRemaining()) {
				address.putInt(words.getInt());
			}
			return new Endpoint(normalize(address.array()), Integer.parseInt(column, colon + 1, column.length(), 16));
		}

		private static byte[] normalize(byte[] address) {
			ByteBuffer words = ByteBuffer.wrap(address);
			if (address.length == 16 && words.getLong(0) == 0 && words.getInt(8) == V4_MAPPED) {
				return normalize(Arrays.copyOfRange(address, 12, 16));
			}
			for (byte b : address) {
				if (b != 0) {
					return address;
				}
			}
			return NONE.address;
		}

		boolean matches(Endpoint other) {
			return this.port == other.port && Arrays.equals(this.address, other.address);
		}

	}

	private record InternetRow(Endpoint local, Endpoint remote, boolean listening, String inode) {

		static InternetRow parse(String line) {
			String[] columns = line.trim().split(" +");
			return new InternetRow(Endpoint.parse(columns[1]), Endpoint.parse(columns[2]),
					columns[3].equals(TCP_LISTEN), columns[9]);
		}

		boolean isBetween(Endpoint from, Endpoint to) {
			return this.local.matches(from) && this.remote.matches(to);
		}

	}

	record UnixRow(boolean listening, String inode, String path) {

		/** A dot matches any byte, as paths may contain those of line terminators. */
		private static final Pattern COLUMNS = Pattern.compile(
				"\\S+: \\p{XDigit}{8} \\p{XDigit}{8} (\\p{XDigit}{8}) \\p{XDigit}{4} \\p{XDigit}{2} +(\\d+)(?: (.*))?",
				Pattern.DOTALL);

		/**
		 * Parse a line.
		 * @return the row, or {@code null} if the line is no row: any user of the machine
		 * can bind a socket to a path with line breaks
		 */
		static @Nullable UnixRow parse(String line) {
			Matcher columns = COLUMNS.matcher(line);
			if (!columns.matches()) {
				return null;
			}
			boolean listening = (Integer.parseUnsignedInt(columns.group(1), 16) & ACCEPTS_CONNECTIONS) != 0;
			String path = columns.group(3);
			return new UnixRow(listening, columns.group(2), (path != null) ? path : "");
		}

	}

}
