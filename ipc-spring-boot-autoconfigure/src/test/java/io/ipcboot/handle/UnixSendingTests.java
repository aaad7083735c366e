package io.ipcboot.handle;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class UnixSendingTests extends SendingTests {

	@TempDir
	Path directory;

	@ParameterizedTest
	@ValueSource(strings = { "socket", "two  words ", "Ångström", "0000: 1 2 3" })
	void anotherProcessAccepts(String name) throws IOException {
		try (ServerSocketChannel listener = listen(name)) {
			worker.send(Handle.take(listener));
			assertThat(listener.isOpen()).isTrue();
			try (TestClient client = TestClient.connect(listener.getLocalAddress())) {
				assertServed(client);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "socket", "two  words ", "Ångström", "0000: 1 2 3" })
	void anAcceptedConnectionIsServedByAnotherProcess(String name) throws IOException {
		try (ServerSocketChannel listener = listen(name);
				TestClient client = TestClient.connect(listener.getLocalAddress());
				SocketChannel accepted = listener.accept()) {
			worker.send(Handle.take(accepted));
			assertThat(accepted.isOpen()).isFalse();
			assertServed(client);
		}
	}

	private ServerSocketChannel listen(String name) throws IOException {
		return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(this.directory.resolve(name)));
	}

}
