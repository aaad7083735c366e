package io.ipcboot.server.http;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import org.awaitility.Awaitility;

/**
 * The application as a process of its own.
 */
final class ServiceProcess {

	static final Duration PATIENCE = Duration.ofSeconds(90);

	private ServiceProcess() {
	}

	/**
	 * Return how to start it. A server socket that it is to inherit is its standard
	 * input, which a shell moves, as a process inherits nothing else.
	 * @param directory for its temporary files
	 * @param options for the application
	 */
	static ProcessBuilder builder(Path directory, ServerKind kind, int port, String... options) {
		List<String> command = new ArrayList<>(
				List.of("sh", "-c", "exec 3<&0 0</dev/null; export LISTEN_PID=$$; exec \"$@\"", "sh",
						Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Dreactor.netty.ioShutdownQuietPeriod=0", "-Djava.io.tmpdir=" + directory, "-cp",
						System.getProperty("java.class.path"), HttpTestApplication.class.getName()));
		command.addAll(kind.arguments());
		command.addAll(List.of("--server.port=" + port, "--server.address=127.0.0.1", "--ipc.server.share=true",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1", "--spring.main.lazy-initialization=true",
				"--ipc.server.drain-timeout=2s", "--spring.main.banner-mode=off"));
		command.addAll(List.of(options));
		return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.redirectError(ProcessBuilder.Redirect.INHERIT);
	}

	static void awaitServing(int port) {
		Awaitility.await().atMost(PATIENCE).ignoreExceptionsInstanceOf(IOException.class).until(() -> {
			new Socket(InetAddress.getLoopbackAddress(), port).close();
			return true;
		});
	}

	/**
	 * Return a port that nothing listens on. It is below those that the kernel chooses,
	 * so it stays free although other tests open connections.
	 */
	static int freePort() throws IOException {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (BindException ex) {
				// another one then
			}
		}
	}

}
