package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class OwnSocketsTests {

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.open) {
			closeable.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1", "0.0.0.0", "::" })
	void aListenerIsFound(String host) throws IOException {
		Ipv6.assumeIfNeededBy(host);
		ServerSocketChannel listener = listener(host);
		assertThat(found(HandleKind.TCP_LISTENER, address(listener), null)).startsWith("socket:[");
	}

	@ParameterizedTest
	@ValueSource(strings = { "127.0.0.1", "::1" })
	void bothEndsOfAConnectionAreFoundAndNotMixedUp(String host) throws IOException {
		Ipv6.assumeIfNeededBy(host);
		ServerSocketChannel listener = listener(host);
		SocketChannel client = keep(SocketChannel.open(listener.getLocalAddress()));
		SocketChannel server = keep(listener.accept());
		String one = found(HandleKind.TCP_SOCKET, (InetSocketAddress) client.getLocalAddress(),
				(InetSocketAddress) client.getRemoteAddress());
		String other = found(HandleKind.TCP_SOCKET, (InetSocketAddress) server.getLocalAddress(),
				(InetSocketAddress) server.getRemoteAddress());
		assertThat(one).startsWith("socket:[").isNotEqualTo(other);
		assertThat(other).startsWith("socket:[");
	}

	@Test
	void datagramSocketsAndListenersOnOnePortAreNotMixedUp() throws IOException {
		ServerSocketChannel listener = listener("127.0.0.1");
		DatagramChannel datagrams = keep(DatagramChannel.open().bind(address(listener)));
		String tcp = found(HandleKind.TCP_LISTENER, address(listener), null);
		String udp = found(HandleKind.UDP_SOCKET, address(listener), null);
		assertThat(tcp).startsWith("socket:[").isNotEqualTo(udp);
		assertThat(udp).startsWith("socket:[");
		datagrams.connect(address(listener("127.0.0.1")));
		assertThat(found(HandleKind.UDP_SOCKET, (InetSocketAddress) datagrams.getLocalAddress(),
				(InetSocketAddress) datagrams.getRemoteAddress()))
			.isEqualTo(udp);
		assertThat(found(HandleKind.UDP_SOCKET, (InetSocketAddress) datagrams.getLocalAddress(), null)).isNull();
	}

	@Test
	void twoSocketsWithOneAddressAreNotGuessedAt() throws IOException {
		DatagramSocket first = keep(new DatagramSocket(null));
		first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
		first.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		InetSocketAddress address = (InetSocketAddress) first.getLocalSocketAddress();
		assertThat(found(HandleKind.UDP_SOCKET, address, null)).isNotNull();
		DatagramSocket second = keep(new DatagramSocket(null));
		second.setOption(StandardSocketOptions.SO_REUSEPORT, true);
		second.bind(address);
		assertThat(found(HandleKind.UDP_SOCKET, address, null)).isNull();
	}

	@Test
	void twoDescriptorsOfOneSocketAreOneSocket() throws IOException {
		ServerSocketChannel listener = listener("127.0.0.1");
		String target = found(HandleKind.TCP_LISTENER, address(listener), null);
		keep(Handle.share(listener));
		assertThat(found(HandleKind.TCP_LISTENER, address(listener), null)).isEqualTo(target);
	}

	@Test
	void whatIsNotThereIsNotFound() throws IOException {
		int port;
		try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = gone.getLocalPort();
		}
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		assertThat(found(HandleKind.TCP_LISTENER, address, null)).isNull();
		assertThat(found(HandleKind.TCP_SOCKET, address, address)).isNull();
	}

	@Test
	void onlyInternetSocketsHaveNames() throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		keep(pair.first());
		keep(pair.second());
		assertThat(SocketName.local(FileDescriptor.out)).isNull();
		assertThat(SocketName.remote(FileDescriptor.out)).isNull();
		for (String entry : Path.of("/proc/self/fd").toFile().list()) {
			int number = Integer.parseInt(entry);
			String target = Descriptors.target(number);
			if (target != null && !target.startsWith("socket:")) {
				assertThat(SocketName.local(Descriptors.ofNumber(number))).as(target).isNull();
			}
		}
	}

	@Test
	void noBlockingModeIsChanged() throws IOException {
		ServerSocketChannel listener = listener("127.0.0.1");
		listener.configureBlocking(false);
		found(HandleKind.TCP_LISTENER, address(listener), null);
		assertThat(listener.accept()).isNull();
		String flags = Files.readString(Path.of("/proc/self/fdinfo/" + numberOf(listener)));
		int nonBlocking = 04000;
		assertThat(Integer.parseInt(flags.replaceAll("(?s).*flags:\\s+(\\d+).*", "$1"), 8) & nonBlocking)
			.isEqualTo(nonBlocking);
	}

	private static int numberOf(ServerSocketChannel listener) throws IOException {
		String target = found(HandleKind.TCP_LISTENER, address(listener), null);
		for (String entry : Path.of("/proc/self/fd").toFile().list()) {
			if (String.valueOf(Descriptors.target(Integer.parseInt(entry))).equals(target)) {
				return Integer.parseInt(entry);
			}
		}
		throw new AssertionError(target);
	}

	private static @Nullable String found(HandleKind kind, InetSocketAddress local, @Nullable InetSocketAddress remote)
			throws IOException {
		FileDescriptor duplicate = new OwnSockets(kind, local, remote).duplicate();
		if (duplicate == null) {
			return null;
		}
		try {
			return Descriptors.target(Descriptors.number(duplicate));
		}
		finally {
			Descriptors.close(duplicate);
		}
	}

	private ServerSocketChannel listener(String host) throws IOException {
		return keep(ServerSocketChannel.open().bind(new InetSocketAddress(host, 0)));
	}

	private static InetSocketAddress address(ServerSocketChannel listener) throws IOException {
		return (InetSocketAddress) listener.getLocalAddress();
	}

	private <T extends AutoCloseable> T keep(T closeable) {
		this.open.add(closeable);
		return closeable;
	}

}
