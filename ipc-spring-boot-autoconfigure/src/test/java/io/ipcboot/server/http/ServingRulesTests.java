package io.ipcboot.server.http;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the application's configuration says holds in its workers.
 */
@Tag("process")
@Tag("http")
@Timeout(300)
@ExtendWith(OutputCaptureExtension.class)
class ServingRulesTests {

	@TempDir
	private Path directory;

	@ParameterizedTest
	@EnumSource(names = "JETTY")
	void workersSpeakTlsAndHttp2(ServerKind kind) throws Exception {
		Path keyStore = this.directory.resolve("key.p12");
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-keyalg", "EC", "-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1", "-storetype",
				"PKCS12", "-keystore", keyStore.toString(), "-storepass", "changeit", "-alias", "key")
			.inheritIO()
			.start();
		assertThat(keytool.waitFor()).isZero();
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--server.http2.enabled=true", "--server.ssl.bundle=tls",
				"--spring.ssl.bundle.jks.tls.keystore.location=" + keyStore.toUri(),
				"--spring.ssl.bundle.jks.tls.keystore.password=changeit",
				"--spring.ssl.bundle.jks.tls.keystore.type=PKCS12")) {
			HttpClient client = HttpClient.newBuilder().sslContext(TrustAnyone.context()).build();
			URI uri = URI.create("https://127.0.0.1:" + server.port + "/facts");
			HttpResponse<String> response = client.send(HttpRequest.newBuilder(uri).build(),
					HttpResponse.BodyHandlers.ofString());
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(response.body()).contains("WORKER");
			assertThat(response.headers().firstValue("Connection")).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JETTY")
	@Tag("long")
	void workersSpeakTlsAndHttp2WithTheOtherServers(ServerKind kind) throws Exception {
		workersSpeakTlsAndHttp2(kind);
	}

	@ParameterizedTest
	@EnumSource(names = "NETTY")
	@Tag("long")
	void workersCompressAndSpeakHttp2InClearText(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--server.http2.enabled=true", "--server.compression.enabled=true",
				"--server.compression.min-response-size=1", "--spring.threads.virtual.enabled=true")) {
			HttpRequest request = HttpRequest.newBuilder(server.uri("/facts"))
				.header("Accept-Encoding", "gzip")
				.build();
			HttpClient client = HttpClient.newHttpClient();
			HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
			assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
			assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
			String body = new String(new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes(),
					StandardCharsets.UTF_8);
			assertThat(body).contains("WORKER");
			if (kind != ServerKind.NETTY && Runtime.version().feature() >= 21) {
				assertThat(body).contains("VirtualThread");
			}
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NETTY")
	@Tag("long")
	void workersCompressAndSpeakHttp2InClearTextWithTheOtherServers(ServerKind kind) throws Exception {
		workersCompressAndSpeakHttp2InClearText(kind);
	}

	@ParameterizedTest
	@EnumSource(names = "NETTY")
	@Tag("long")
	void aWorkerThatHasServedEnoughIsReplaced(ServerKind kind) throws Exception {
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--ipc.server.max-requests-per-worker=5")) {
			Set<String> pids = new HashSet<>();
			// it serves on until its replacement is ready
			Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				pids.add(server.get("/pid"));
				assertThat(pids).hasSizeGreaterThan(1);
			});
		}
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	@Tag("long")
	void aWorkerThatHasServedEnoughIsReplacedWithTomcat(ServerKind kind) throws Exception {
		aWorkerThatHasServedEnoughIsReplaced(kind);
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT")
	@Tag("long")
	void aWorkerWithAStuckRequestIsReplacedAndSaysWhatItDoes(ServerKind kind, CapturedOutput output) throws Exception {
		Path file = Files.createFile(this.directory.resolve("busy"));
		try (RunningServer server = RunningServer.start(kind, "--ipc.server.parent-accepts=false",
				"--ipc.pools.default.size=1", "--ipc.server.request-timeout=500ms",
				"--ipc.pools.default.drain-timeout=2s", "--ipc.shutdown-timeout=2s")) {
			String stuck = server.get("/pid");
			HttpClient.newHttpClient()
				.sendAsync(HttpRequest.newBuilder(server.uri("/wait?file=" + file)).build(),
						HttpResponse.BodyHandlers.ofString());
			Awaitility.await()
				.atMost(Duration.ofSeconds(60))
				.until(() -> ProcessHandle.of(Long.parseLong(stuck)).isEmpty());
			assertThat(server.get("/pid")).isNotEqualTo(stuck);
			assertThat(output).contains("the request 'GET /wait' has taken longer than 500 ms. Its threads:")
				.contains("HttpTestApplication$Errand.waitFor");
		}
	}

	@ParameterizedTest
	@EnumSource(names = "NETTY")
	@Tag("long")
	void aWorkerWithAStuckRequestIsReplacedAndSaysWhatItDoesWithNetty(ServerKind kind, CapturedOutput output)
			throws Exception {
		aWorkerWithAStuckRequestIsReplacedAndSaysWhatItDoes(kind, output);
	}

}
