package io.ipcboot.server.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.context.WebServerApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Ports, connectors and their logs.
 */
@Tag("process")
@Tag("http")
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class ConnectorTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(names = "JETTY")
	void workersServeBothConnectors(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--ipc.pools.default.size=1",
				"--test.second-connector=true")) {
			server.awaitWorkers(1);
			int second = SecondConnector.port(((WebServerApplicationContext) server.context).getWebServer());
			assertThat(second).isPositive().isNotEqualTo(server.port);
			Set<String> expected = new HashSet<>(server.workerPids().stream().map(Object::toString).toList());
			expected.add(Long.toString(ProcessHandle.current().pid()));
			for (int port : List.of(server.port, second)) {
				Set<String> seen = new HashSet<>();
				Awaitility.await().atMost(PATIENCE).until(() -> {
					seen.add(get("http://127.0.0.1:" + port + "/pid"));
					return seen.equals(expected);
				});
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	@Tag("long")
	void workersServeBothConnectorsOfTomcat(ServerKind kind) throws Exception {
		workersServeBothConnectors(kind);
	}

	private static String get(String uri) throws IOException {
		HttpURLConnection connection = (HttpURLConnection) URI.create(uri).toURL().openConnection();
		connection.setRequestProperty("Connection", "close");
		connection.setReadTimeout(60_000);
		return new String(connection.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	@Tag("long")
	void everyWorkerWritesAnAccessLogThatSaysWhoItIs(ServerKind kind) throws Exception {
		List<String> arguments = new ArrayList<>((kind == ServerKind.TOMCAT) ? List.of(
				"--server.tomcat.accesslog.enabled=true", "--server.tomcat.accesslog.directory=" + this.directory,
				"--server.tomcat.accesslog.buffered=false", "--server.tomcat.accesslog.pattern=%U by %{ipc.process}r.")
				: List.of("--server.jetty.accesslog.enabled=true",
						"--server.jetty.accesslog.filename=" + this.directory.resolve("access_log"),
						"--server.jetty.accesslog.custom-format=%U by %{ipc.process}attr."));
		arguments.add("--ipc.server.parent-accepts=false");
		try (RunningServer server = RunningServer.start(kind, arguments.toArray(String[]::new))) {
			server.awaitWorkers(2);
			Awaitility.await().atMost(PATIENCE).until(() -> {
				server.get("/pid");
				return logOf(0).contains("/pid by default/0 " + server.slotPid(0) + ".")
						&& logOf(1).contains("/pid by default/1 " + server.slotPid(1) + ".");
			});
			assertThat(logOf(0)).doesNotContain("default/1");
			assertThat(logOf(1)).doesNotContain("default/0");
		}
	}

	@ParameterizedTest
	@EnumSource(names = "JETTY")
	@Tag("long")
	void everyWorkerWritesAnAccessLogThatSaysWhoItIsWithJetty(ServerKind kind) throws Exception {
		everyWorkerWritesAnAccessLogThatSaysWhoItIs(kind);
	}

	private String logOf(int slot) throws IOException {
		StringBuilder log = new StringBuilder();
		try (Stream<Path> files = Files.list(this.directory)) {
			for (Path file : files.filter((path) -> path.toString().contains("access_log.default-" + slot)).toList()) {
				log.append(Files.readString(file));
			}
		}
		return log.toString();
	}

	@Test
	@Tag("long")
	void aPortThatIsTheApplicationsOwnIsTheWorkersToo() throws Exception {
		int port = ServiceProcess.freePort();
		try (RunningServer server = RunningServer.start(ServerKind.TOMCAT, "--ipc.pools.default.size=1",
				"--server.port=" + port, "--management.server.port=" + port, "--ipc.server.parent-accepts=false")) {
			assertThat(server.get("/property?name=management.server.port")).isEqualTo(Integer.toString(port));
		}
	}

	@ParameterizedTest
	@EnumSource(names = "NETTY")
	void aPortInUseIsExplained(ServerKind kind, CapturedOutput output) throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			assertThatException()
				.isThrownBy(() -> RunningServer.start(kind, "--server.port=" + taken.getLocalPort()).close())
				.withStackTraceContaining(PortInUseException.class.getName());
			assertThat(output)
				.contains("Web server failed to start. Port " + taken.getLocalPort() + " was already in use.");
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NETTY")
	@Tag("long")
	void aPortInUseIsExplainedWithTheOtherServers(ServerKind kind, CapturedOutput output) throws Exception {
		aPortInUseIsExplained(kind, output);
	}

	@Test
	@Tag("long")
	void aWorkersJettyHasAsManyConnectionsAsConfigured() throws Exception {
		try (RunningServer server = RunningServer.start(ServerKind.JETTY, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--server.jetty.max-connections=2",
				"--server.jetty.threads.acceptors=1")) {
			List<Socket> clients = new ArrayList<>();
			try {
				while (clients.size() < 5 && isAnswered(connect(server.port, clients))) {
					assertThat(clients).as("connections that are served").hasSizeLessThan(4);
				}
				Socket waiting = clients.get(clients.size() - 1);
				for (Socket client : clients.subList(0, clients.size() - 1)) {
					client.close();
				}
				waiting.setSoTimeout(60_000);
				assertThat(waiting.getInputStream().read()).isEqualTo('H');
			}
			finally {
				for (Socket client : clients) {
					client.close();
				}
			}
		}
	}

	private static Socket connect(int port, List<Socket> clients) throws IOException {
		Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
		clients.add(client);
		client.getOutputStream()
			.write("GET /pid HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return client;
	}

	private static boolean isAnswered(Socket client) throws IOException {
		client.setSoTimeout(2_000);
		try {
			return client.getInputStream().read() == 'H';
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

}
