package io.ipcboot.handle;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SocketTableTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@CsvSource({ "INET, 127.0.0.1", "INET, 0.0.0.0", "INET6, 127.0.0.1", "INET6, ::1", "INET6, ::" })
	void aListenerIsNotMistakenForItsConnections(StandardProtocolFamily family, String host) throws IOException {
		Ipv6.assumeIfNeededBy(family, host);
		try (ServerSocketChannel listener = ServerSocketChannel.open(family).bind(new InetSocketAddress(host, 0));
				SocketChannel client = SocketChannel.open(reachable(host, listener));
				SocketChannel accepted = listener.accept()) {
			String inode = SocketTable.inodes(HandleKind.TCP_LISTENER, listener.getLocalAddress(), null)
				.iterator()
				.next();
			assertThat(SocketTable.inodes(HandleKind.TCP_LISTENER, listener.getLocalAddress(), null)).hasSize(1);
			assertThat(
					SocketTable.inodes(HandleKind.TCP_SOCKET, accepted.getLocalAddress(), accepted.getRemoteAddress()))
				.hasSize(1)
				.doesNotContain(inode);
			assertThat(SocketTable.inodes(HandleKind.TCP_SOCKET, client.getLocalAddress(), client.getRemoteAddress()))
				.hasSize(1)
				.doesNotContain(inode);
			assertThat(SocketTable.inodes(HandleKind.UDP_SOCKET, listener.getLocalAddress(), null)).isEmpty();
		}
	}

	@Test
	void aDatagramSocketIsFoundByBothItsAddresses() throws IOException {
		try (DatagramChannel peer = DatagramChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
				DatagramChannel channel = DatagramChannel.open().connect(peer.getLocalAddress())) {
			assertThat(SocketTable.inodes(HandleKind.UDP_SOCKET, channel.getLocalAddress(), peer.getLocalAddress()))
				.hasSize(1);
			assertThat(SocketTable.inodes(HandleKind.UDP_SOCKET, channel.getLocalAddress(), null)).isEmpty();
			assertThat(SocketTable.inodes(HandleKind.UDP_SOCKET, peer.getLocalAddress(), null)).hasSize(1);
		}
	}

	@Test
	void theRowsOfTheTableAreParsed() {
		assertThat(SocketTable.UnixRow.parse("000000004c3f0327: 00000002 00000000 00010000 0001 01  1590 /run/a  b "))
			.isEqualTo(new SocketTable.UnixRow(true, "1590", "/run/a  b "));
		assertThat(SocketTable.UnixRow.parse("00000000e69f8c7c: 00000003 00000000 00000000 0001 03 31415926"))
			.isEqualTo(new SocketTable.UnixRow(false, "31415926", ""));
		assertThat(SocketTable.UnixRow.parse("0000000000000000: 00000002 00000000 00010000 0001 01 15 @abstract"))
			.isEqualTo(new SocketTable.UnixRow(true, "15", "@abstract"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "rest of a path", "a b c d e f g h", "0: 1 2 3 4 5 6 7" })
	void whatIsNoRowIsSkipped(String line) {
		assertThat(SocketTable.UnixRow.parse(line)).isNull();
	}

	@Test
	void aPathWithLineBreaksDisturbsNobody() throws IOException {
		try (ServerSocketChannel strange = listen("line\nbreak\r\n\n0: 1 2"); ServerSocketChannel other = listen("a")) {
			assertThat(SocketTable.inodes(HandleKind.UNIX_LISTENER, other.getLocalAddress(), null)).hasSize(1);
			assertThat(strange.isOpen()).isTrue();
		}
	}

	private ServerSocketChannel listen(String name) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(this.directory.resolve(name)));
	}

	private static InetSocketAddress reachable(String host, ServerSocketChannel listener) {
		return new InetSocketAddress(host.replace("0.0.0.0", "127.0.0.1"), listener.socket().getLocalPort());
	}

}
