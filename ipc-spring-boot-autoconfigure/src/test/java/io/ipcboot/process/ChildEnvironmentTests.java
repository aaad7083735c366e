package io.ipcboot.process;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which variables a child gets.
 */
class ChildEnvironmentTests {

	@Test
	void theEnvironmentIsInheritedAndChanged() {
		Map<String, @Nullable String> changes = new HashMap<>();
		changes.put("ADDED", "x");
		changes.put("CHANGED", "new");
		changes.put("REMOVED", null);
		changes.put("NEVER_THERE", null);
		assertThat(derive(Map.of("KEPT", "1", "CHANGED", "old", "REMOVED", "2"), null, changes))
			.containsExactlyInAnyOrderEntriesOf(Map.of("KEPT", "1", "ADDED", "x", "CHANGED", "new"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "JDK_AOT_VM_OPTIONS",
			"NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "MAINPID", "WATCHDOG_USEC", "WATCHDOG_PID",
			"SERVER_PORT", "MANAGEMENT_SERVER_PORT", "LOGGING_FILE_NAME", "LOGGING_FILE_PATH", "IPC_CHANNEL",
			"IPC_CHANNEL_INODE", "NODE_CHANNEL_FD", "NODE_UNIQUE_ID" })
	void whatSpeaksToThisProcessAloneIsNotInheritedButCanBeSet(String name) {
		assertThat(derive(Map.of(name, "1"), null, Map.of())).isEmpty();
		assertThat(derive(Map.of(name, "1"), null, Map.of(name, "2"))).containsEntry(name, "2");
	}

	@Test
	void onlyWhatIsNamedIsInheritedIfSomethingIs() {
		Map<String, String> own = Map.of("PATH", "/bin", "LC_ALL", "C", "LC_TIME", "C", "SECRET", "x", "LISTEN_FDS",
				"1");
		assertThat(derive(own, List.of("PATH", "LC_*", "LISTEN_FDS"), Map.of("SET", "y"))).containsOnlyKeys("PATH",
				"LC_ALL", "LC_TIME", "SET");
	}

	private static Map<String, String> derive(Map<String, String> own, @Nullable List<String> inherited,
			Map<String, @Nullable String> changes) {
		Map<String, String> environment = new HashMap<>(own);
		new ChildEnvironment(inherited, changes).applyTo(environment);
		return environment;
	}

}
