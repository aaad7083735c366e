package io.ipcboot.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.ipcboot.demo.Conversation.Worker;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@Tag("process")
@Tag("http")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HandoffIT {

	private static RunningDemo demo;

	@BeforeAll
	static void start(@TempDir Path directory) throws IOException {
		demo = RunningDemo.ofJar(directory);
	}

	@AfterAll
	static void stop() {
		demo.close();
	}

	@Test
	void aWorkerOfTheNormalPoolAnswersOnTheConnection() throws IOException {
		try (Conversation conversation = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
			Worker worker = conversation.hearWorker();
			assertThat(worker.pool()).isEqualTo("normal");
			assertThat(demo.workerPids()).contains(worker.pid());
			for (int i = 0; i < 10; i++) {
				conversation.say("line " + i);
				assertThat(conversation.hear()).isEqualTo("normal worker %d heard: line %d", worker.pid(), i);
			}
			conversation.say("quit");
			assertThat(conversation.hear()).isNull();
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void theClientsAddressDecidesAboutThePool() throws IOException {
		try (Conversation normal = new Conversation(demo.connectToHandoff("127.0.0.1"));
				Conversation special = new Conversation(demo.connectToHandoff("127.0.0.2"))) {
			Worker worker = special.hearWorker();
			assertThat(worker.pool()).isEqualTo("special");
			assertThat(worker.pid()).isNotEqualTo(normal.hearWorker().pid());
		}
	}

	@Test
	void whatTheClientSentBeforeTheHandOverIsNotLost() throws IOException {
		try (Conversation conversation = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
			conversation.say("early");
			conversation.hearWorker();
			assertThat(conversation.hear()).endsWith("heard: early");
		}
	}

	@Test
	@EnabledOnOs(OS.LINUX)
	void theConnectionStaysOpenWhenTheParentsCopyIsClosed() throws IOException {
		try (Conversation conversation = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
			conversation.hearWorker();
			String inode = inodeOfConnectionFrom(conversation);
			await().until(() -> !hasSocket(demo.process().pid(), inode));
			conversation.say("still there?");
			Worker worker = conversation.hearWorker();
			assertThat(hasSocket(worker.pid(), inode)).isTrue();
		}
	}

	@Test
	void oneClientDoesNotWaitForAnother() throws IOException {
		try (Conversation first = new Conversation(demo.connectToHandoff("127.0.0.1"));
				Conversation second = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
			assertThat(second.hearWorker()).isEqualTo(first.hearWorker());
			second.say("second");
			assertThat(second.hear()).endsWith("heard: second");
			first.say("first");
			assertThat(first.hear()).endsWith("heard: first");
		}
	}

	@Test
	void aConnectionThatComesWhileTheWorkerIsDeadGoesToItsReplacement() throws IOException {
		long killed;
		try (Conversation conversation = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
			killed = conversation.hearWorker().pid();
			demo.kill(killed);
			assertThat(conversation.hear()).isNull();
		}
		try (Conversation conversation = new Conversation(demo.connectToHandoff("127.0.0.1"))) {
			Worker replacement = conversation.hearWorker();
			assertThat(replacement.pool()).isEqualTo("normal");
			assertThat(replacement.pid()).isNotEqualTo(killed);
		}
	}

	/**
	 * Find a connection by both ports: another server may have had one from the same port
	 * of a client, which is still listed (TIME-WAIT, RFC 9293 section 3.3.2).
	 */
	private static String inodeOfConnectionFrom(Conversation client) throws IOException {
		String serverPort = hex(client.remotePort());
		String clientPort = hex(client.localPort());
		for (String table : new String[] { "/proc/net/tcp6", "/proc/net/tcp" }) {
			for (String line : Files.readAllLines(Path.of(table))) {
				String[] columns = line.trim().split("\\s+");
				if (columns[1].endsWith(serverPort) && columns[2].endsWith(clientPort)) {
					return columns[9];
				}
			}
		}
		throw new AssertionError("There is no connection from port " + client.localPort());
	}

	private static String hex(int port) {
		return String.format(Locale.ROOT, ":%04X", port);
	}

	private static boolean hasSocket(long pid, String inode) throws IOException {
		try (var descriptors = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "fd"))) {
			for (Path descriptor : descriptors) {
				if (link(descriptor).equals("socket:[" + inode + "]")) {
					return true;
				}
			}
			return false;
		}
	}

	private static String link(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			return "closed meanwhile";
		}
	}

}
