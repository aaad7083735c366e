package io.ipcboot;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.ParameterizedTypeReference;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a child must not inherit, shown with real processes: a parent with a debugger, a
 * management port, a flight recording and a log file; and programs that a worker starts.
 */
@ProcessTest
class InheritanceTests {

	private static final ParameterizedTypeReference<List<String>> STRINGS = new ParameterizedTypeReference<>() {
	};

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void aChildOfAnObservedParentIsNotObserved(@TempDir Path directory) throws IOException {
		int debugger = freePort();
		int management = freePort();
		Path log = directory.resolve("gc.log");
		ChildProcess parent = this.processes.fork(StandaloneTemplate.child(TestParent.class)
			.directory(directory)
			.jvmArguments("-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:" + debugger,
					"-Dcom.sun.management.jmxremote.port=" + management,
					"-Dcom.sun.management.jmxremote.authenticate=false", "-Dcom.sun.management.jmxremote.ssl=false",
					"-Dcom.sun.management.jmxremote.host=127.0.0.1", "-Djava.rmi.server.hostname=127.0.0.1",
					"-XX:StartFlightRecording=filename=" + directory.resolve("recording.jfr") + ",settings=none",
					"-Xlog:gc*:file=" + log, "-XX:+HeapDumpOnOutOfMemoryError", "-XX:HeapDumpPath=" + directory,
					"-Xmx300m", "-Dharmless=yes", "--add-opens=java.base/java.lang=ALL-UNNAMED")
			.environment("JAVA_TOOL_OPTIONS", "-Dfrom.tool.options=yes")
			.environment("JDK_JAVA_OPTIONS", "-Dfrom.java.options=yes")
			.environment("LISTEN_FDS", "1")
			.environment("SERVER_PORT", "8080")
			.environment("HARMLESS", "yes")
			.output(ProcessOutput.DISCARD));
		assertThat(Client.isFree(debugger)).isFalse();
		assertThat(Client.isFree(management)).isFalse();
		assertThat(parent.call("own-flags", null, STRINGS)).anyMatch((flag) -> flag.startsWith("-agentlib:jdwp"))
			.contains("-Dfrom.tool.options=yes");

		long child = parent.call("fork", null, Long.class);

		List<String> commandLine = zeroTerminated(child, "cmdline");
		assertThat(commandLine).contains("-Dharmless=yes", "--add-opens=java.base/java.lang=ALL-UNNAMED")
			.noneMatch((argument) -> argument.matches("(?s)-agentlib.*|-Dcom\\.sun\\.management.*|-Djava\\.rmi.*"
					+ "|-XX:StartFlightRecording.*|-Xlog.*|-XX:\\+HeapDump.*|-Xmx.*|-Dfrom.*"));
		assertThat(commandLine).noneMatch((argument) -> argument.contains("=" + directory));
		List<String> environment = zeroTerminated(child, "environ");
		assertThat(environment).contains("HARMLESS=yes", "IPC_CHANNEL=native/1")
			.anyMatch((variable) -> variable.matches("IPC_CHANNEL_INODE=\\d+"))
			.noneMatch((variable) -> variable
				.matches("(?s)(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|LISTEN_FDS|SERVER_PORT)=.*"));
		assertThat(commandLine).noneMatch((argument) -> argument.contains("IPC_CHANNEL"));
	}

	@Test
	void flagsFromVariablesReachAChildIfTheyAreHarmlessAndNoOtherUserSeesThem() throws IOException {
		ChildProcess parent = this.processes.fork(StandaloneTemplate.child(TestParent.class)
			.jvmArguments("-Dtwice=line")
			.environment("JAVA_TOOL_OPTIONS",
					"-Djavax.net.ssl.trustStore='/etc/my ca' -Dtwice=tool -Xmx123m -Dserver.port=8080")
			.environment("JDK_JAVA_OPTIONS", "-Dhttp.proxyPassword=\"s e c r e t\"")
			.output(ProcessOutput.DISCARD));
		assertThat(parent.call("own-flags", null, STRINGS)).contains("-Xmx123m",
				"-Djavax.net.ssl.trustStore=/etc/my ca");
		assertThat(parent.call("child-property", "javax.net.ssl.trustStore", String.class)).isEqualTo("/etc/my ca");
		assertThat(parent.call("child-property", "http.proxyPassword", String.class)).isEqualTo("s e c r e t");
		assertThat(parent.call("child-property", "twice", String.class)).as("the command line wins").isEqualTo("line");
		assertThat(parent.call("child-property", "server.port", String.class)).isNull();
		assertThat(parent.call("child-heap", null, Long.class)).isGreaterThan(130L << 20);
		long child = parent.call("fork", null, Long.class);
		assertThat(String.join(" ", zeroTerminated(child, "cmdline"))).doesNotContain("trustStore", "s e c r e t");
		assertThat(zeroTerminated(child, "environ"))
			.noneMatch((variable) -> variable.matches("(?s)J[A-Z_]+OPTIONS=.*"));
	}

	@Test
	void aProgramBeforeTheJvmGetsTheFlagsAsArguments() {
		ChildProcess parent = this.processes.fork(StandaloneTemplate.child(TestParent.class)
			.environment("JAVA_TOOL_OPTIONS", "-Dfrom.tool.options=yes")
			.output(ProcessOutput.DISCARD));
		assertThat(parent.call("prefixed-child-property", "from.tool.options", String.class)).isEqualTo("yes");
	}

	@Test
	void aProgramThatAWorkerStartsIsNoWorker() {
		ChildProcess worker = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
		assertThat(worker.call("role", null, String.class)).isEqualTo("WORKER");
		String grandchild = worker.call("run-role-main", null, String.class);
		assertThat(grandchild).contains("role PARENT")
			.contains("The environment variable IPC_CHANNEL is native/1, but standard input is not the channel. "
					+ "The variable was probably inherited from a worker that started this process.");
		String inheriting = worker.call("run-role-main-inheriting", null, String.class);
		assertThat(inheriting).contains("role PARENT");
		String onOtherSocket = worker.call("run-role-main-on-socket", null, String.class);
		assertThat(onOtherSocket).contains("role PARENT").contains("standard input is not the channel");
	}

	/** A worker holds sockets and handles signals that are its own business. */
	@ParameterizedTest
	@ValueSource(strings = { "grep -E '^(Sig(Blk|Ign|Cgt)|Umask|NoNewPrivs|Seccomp)' /proc/self/status",
			"ls /proc/self/fd", "cat /proc/self/limits", "trap 'echo trapped' INT; kill -s INT $$; echo goes on",
			"readlink /proc/self/fd/0 | cut -d : -f 1" })
	void aProgramThatAWorkerStartsInheritsWhatAPlainJvmHandsOn(String script) throws Exception {
		ChildProcess worker = this.processes
			.fork(StandaloneTemplate.child(HandleChild.class).output(ProcessOutput.DISCARD));
		try (ServerSocketChannel listener = Client.listen()) {
			worker.destination("listener").handle(listener).send().join();
			Process plain = new ProcessBuilder(StandaloneTemplate.javaCommand(ShellMain.class)).start();
			try (OutputStream input = plain.getOutputStream()) {
				input.write(script.getBytes(StandardCharsets.UTF_8));
			}
			String expected = new String(plain.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(plain.waitFor()).isZero();
			assertThat(worker.call("run", script, String.class)).isEqualTo(expected).isNotBlank();
		}
	}

	@Test
	void aProgramThatAWorkerStartsOnItsOwnStandardInputReadsNothing() {
		ChildProcess worker = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
		assertThat(worker.call("run-inheriting", "readlink /proc/self/fd/0; ls /proc/self/fd", String.class))
			.isEqualTo("/dev/null\n0\n1\n2\n3\n");
	}

	/** As in a service without a locale, whose variables are in another encoding. */
	@ParameterizedTest
	@ValueSource(strings = { "fork", "fork-prefixed" })
	void bytesThatAreNoTextAreInheritedAsTheyAre(String how) throws IOException {
		String script = "export RAW=\"$(printf 'caf\\351 \\377')\" SET=\"$(printf 'caf\\351')\"; "
				+ "exec env \"$(printf 'N\\344ME')=$(printf '\\344')\" \"$(printf 'N\\366ME')=$(printf '\\366')\" \"$@\"";
		List<String> command = new ArrayList<>(List.of("sh", "-c", script, "sh"));
		command.addAll(List.of(StandaloneTemplate.javaCommand(TestParent.class)));
		ChildProcess parent = this.processes.fork(ForkOptions.program(command.toArray(String[]::new))
			.channel(true)
			.environment("LANG", "C")
			.environment("LC_ALL", "C")
			.output(ProcessOutput.DISCARD));
		long child = parent.call(how, null, Long.class);
		List<String> environment = List
			.of(Files.readString(Path.of("/proc/" + child + "/environ"), StandardCharsets.ISO_8859_1).split("\0"));
		assertThat(environment)
			.contains("RAW=caf\u00e9 \u00ff", "N\u00e4ME=\u00e4", "N\u00f6ME=\u00f6", "SET=caf\u00e9", "LANG=C")
			.containsOnlyOnce("IPC_CHANNEL=native/1");
	}

	@Test
	void aProgramWithoutAChannelIsToldSo() {
		List<String> output = new CopyOnWriteArrayList<>();
		this.processes
			.fork(StandaloneTemplate.child(RoleMain.class)
				.channel(false)
				.output((ProcessOutput.Line line) -> output.add(line.text())))
			.onExit()
			.join();
		assertThat(String.join("\n", output)).contains("role PARENT")
			.contains(
					"This process has no channel in the format native/1: the environment variable IPC_CHANNEL is null");
	}

	private static List<String> zeroTerminated(long pid, String file) throws IOException {
		return List.of(Files.readString(Path.of("/proc/" + pid + "/" + file)).split("\0"));
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

}
