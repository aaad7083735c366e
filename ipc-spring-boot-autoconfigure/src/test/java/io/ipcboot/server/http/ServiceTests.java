package io.ipcboot.server.http;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.ipcboot.NothingLeftBehind;
import io.ipcboot.handle.Handle;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.newsclub.net.unix.FileDescriptorCast;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The application as a service: a process of its own that is started and told to stop.
 */
@Tag("process")
@Tag("http")
@ExtendWith(NothingLeftBehind.class)
@Timeout(300)
class ServiceTests {

	/** What a shell says of a process that SIGTERM has ended, and a JVM too. */
	private static final int TERMINATED = 143;

	@TempDir
	private Path directory;

	private final List<Process> services = new ArrayList<>();

	@AfterEach
	void endAll() {
		this.services.forEach(Process::destroyForcibly);
		this.services.forEach((service) -> service.onExit().join());
	}

	/** S38 */
	@ParameterizedTest
	@EnumSource(names = "NETTY")
	void whatWasAdmittedIsAnsweredWhenTheServiceStops(ServerKind kind) throws Exception {
		int port = ServiceProcess.freePort();
		Process service = start(ProcessBuilder.Redirect.PIPE, kind, port);
		ServiceProcess.awaitServing(port);
		try (Load load = Load.start(port, 4, 4)) {
			awaitSpread(load, 2);
			List<ProcessHandle> workers = service.descendants().toList();
			service.destroy();
			assertThat(service.waitFor(ServiceProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			load.stop();
			assertThat(service.exitValue()).isEqualTo(TERMINATED);
			assertThat(load.failures).isNotEmpty();
			// one may come between the last accept(2), which finds nobody, and close(2)
			assertThat(load.failures).filteredOn((failure) -> !failure.contains("Connection refused"))
				.hasSizeLessThanOrEqualTo(1)
				.allMatch((failure) -> failure.contains("new java.net.SocketException: Connection reset"));
			assertThat(workers).isNotEmpty();
			Awaitility.await()
				.atMost(ServiceProcess.PATIENCE)
				.until(() -> workers.stream().noneMatch(ProcessHandle::isAlive));
		}
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NETTY")
	@Tag("long")
	void whatWasAdmittedIsAnsweredWhenTheServiceStopsWithTheOtherServers(ServerKind kind) throws Exception {
		whatWasAdmittedIsAnsweredWhenTheServiceStops(kind);
	}

	@Test
	@Tag("long")
	void notEvenARestartOfTheServiceRefusesAConnectionWhereAServiceManagerListens() throws Exception {
		try (ServerSocketChannel socket = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024)) {
			int port = ((InetSocketAddress) socket.getLocalAddress()).getPort();
			Process first = startWith(socket);
			try (Load load = Load.start(port, 2, 2)) {
				// an application that opens nothing to itself cannot accept there
				awaitSpread(load, 1);
				first.destroy();
				assertThat(first.waitFor(ServiceProcess.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
				Set<String> old = new HashSet<>(load.answers.keySet());
				startWith(socket);
				Awaitility.await().atMost(ServiceProcess.PATIENCE).until(() -> !old.containsAll(load.answers.keySet()));
				load.stop();
				assertThat(load.failures).isEmpty();
			}
		}
	}

	/** As standard input, as a process inherits nothing else; the shell moves it. */
	private Process startWith(ServerSocketChannel socket) throws IOException {
		FileDescriptor descriptor = Handle.share(socket).as(FileDescriptor.class);
		try {
			return start(FileDescriptorCast.using(descriptor).as(ProcessBuilder.Redirect.class), ServerKind.TOMCAT, 0);
		}
		finally {
			new FileOutputStream(descriptor).close();
		}
	}

	private Process start(ProcessBuilder.Redirect input, ServerKind kind, int port) throws IOException {
		ProcessBuilder builder = ServiceProcess.builder(this.directory, kind, port, "--ipc.pools.default.size=1")
			.redirectInput(input);
		builder.environment().put("LISTEN_FDS", (input == ProcessBuilder.Redirect.PIPE) ? "0" : "1");
		Process service = builder.start();
		this.services.add(service);
		return service;
	}

	private static void awaitSpread(Load load, int processes) {
		Awaitility.await().atMost(ServiceProcess.PATIENCE).until(() -> load.answers.size() == processes);
	}

}
