package io.ipcboot;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
