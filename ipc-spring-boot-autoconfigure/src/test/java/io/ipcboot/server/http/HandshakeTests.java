package io.ipcboot.server.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients change the protocol of connections to a worker that leaves.
 */
@Tag("process")
@Tag("http")
@Timeout(300)
class HandshakeTests {

	private static final int CLIENTS = 10;

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	void noHeaderContradictsAHandshakeWithAWorkerThatLeaves(ServerKind kind) throws Exception {
		List<AutoCloseable> opened = new ArrayList<>();
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--server.http2.enabled=true", "--ipc.server.drain-timeout=60s",
				"--ipc.pools.default.drain-timeout=90s")) {
			try {
				String leaving = server.get("/pid");
				List<RawConnection> kept = new ArrayList<>();
				List<HttpClient> clients = new ArrayList<>();
				for (int i = 0; i < CLIENTS; i++) {
					kept.add(keep(server, opened, leaving));
					clients.add(clientWithConnection(server));
				}
				RawConnection toHttp2 = keep(server, opened, leaving);
				beginToLeave(server, keep(server, opened, leaving));
				for (int i = 0; i < CLIENTS; i++) {
					shakeHands(kept.get(i), leaving);
					SocketClient socket = new SocketClient(clients.get(i), server.port);
					opened.add(socket);
					assertThat(socket.ask()).isEqualTo(leaving);
				}
				upgrade(toHttp2);
			}
			finally {
				for (AutoCloseable connection : opened) {
					connection.close();
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOMCAT")
	@Tag("long")
	void noHeaderContradictsAHandshakeWithAWorkerOfTheOtherServersThatLeaves(ServerKind kind) throws Exception {
		noHeaderContradictsAHandshakeWithAWorkerThatLeaves(kind);
	}

	private static RawConnection keep(RunningServer server, List<AutoCloseable> opened, String pid) throws Exception {
		RawConnection connection = new RawConnection(server.port);
		opened.add(connection);
		connection.send("/pid");
		assertThat(connection.body()).isEqualTo(pid);
		return connection;
	}

	private static HttpClient clientWithConnection(RunningServer server) throws Exception {
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		client.send(HttpRequest.newBuilder(server.uri("/pid")).build(), HttpResponse.BodyHandlers.ofString());
		return client;
	}

	/** Also shows that ordinary connections are ended. */
	private static void beginToLeave(RunningServer server, RawConnection ordinary) {
		server.template().pool("default").drain(0).join();
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			ordinary.send("/pid");
			RawConnection.Head head = ordinary.head();
			ordinary.skipBody(head);
			return head.values("Connection").contains("close");
		});
	}

	private static void shakeHands(RawConnection connection, String pid) throws Exception {
		connection.send("/socket", "Connection: Upgrade", "Upgrade: websocket",
				"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13");
		RawConnection.Head head = connection.head();
		assertThat(head.status()).isEqualTo(101);
		assertThat(head.values("Connection")).as(head.toString())
			.singleElement()
			.asString()
			.isEqualToIgnoringCase("upgrade");
		assertThat(head.values("Sec-WebSocket-Accept")).containsExactly("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
		// the text "?", with a mask of zeros
		connection.write(new byte[] { (byte) 0x81, (byte) 0x81, 0, 0, 0, 0, '?' });
		assertThat(connection.text(2 + pid.length())).endsWith(pid);
	}

	/** A server may also answer as if it did not know HTTP/2. */
	private static void upgrade(RawConnection connection) throws Exception {
		connection.send("/pid", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c",
				"HTTP2-Settings: AAMAAABkAAQAAP__");
		RawConnection.Head head = connection.head();
		assertThat(head.values("Connection")).as(head.toString())
			.singleElement()
			.asString()
			.isEqualToIgnoringCase((head.status() == 101) ? "upgrade" : "close");
	}

}
