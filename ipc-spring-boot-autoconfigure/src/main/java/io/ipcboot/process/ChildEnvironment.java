package io.ipcboot.process;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.util.PatternMatchUtils;

/**
 * The environment of a child: a copy of the environment of this process, without the
 * variables that are meant for this process alone.
 */
public final class ChildEnvironment {

	/**
	 * The variables that are never inherited: JVM flags, the service manager's handshake,
	 * ports and files of this process, and channels to its own parent.
	 */
	private static final Set<String> NEVER_INHERITED = Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS",
			"JDK_AOT_VM_OPTIONS", "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "MAINPID",
			"SERVER_PORT", "MANAGEMENT_SERVER_PORT", "LOGGING_FILE_NAME", "LOGGING_FILE_PATH", "LOG_FILE", "LOG_PATH",
			"SPRING_PID_FILE", "PIDFILE", "NODE_CHANNEL_FD", "NODE_CHANNEL_SERIALIZATION_MODE", "NODE_UNIQUE_ID",
			ChannelEnvironment.VARIABLE, ChannelEnvironment.INODE_VARIABLE);

	private ChildEnvironment() {
	}

	/**
	 * Return the environment for a child.
	 * @param inherited the variables of this process that the child gets, with {@code *}
	 * at the end for all that begin so; {@code null} for all
	 * @param changes variables to set; those with the value {@code null} are removed
	 * @return the whole environment
	 */
	public static Map<String, String> with(@Nullable List<String> inherited, Map<String, @Nullable String> changes) {
		return derive(System.getenv(), inherited, changes);
	}

	static Map<String, String> derive(Map<String, String> own, @Nullable List<String> inherited,
			Map<String, @Nullable String> changes) {
		Map<String, String> environment = new TreeMap<>(own);
		if (inherited != null) {
			environment.keySet()
				.removeIf((name) -> inherited.stream()
					.noneMatch((pattern) -> PatternMatchUtils.simpleMatch(pattern, name)));
		}
		environment.keySet().removeIf((name) -> NEVER_INHERITED.contains(name) || name.startsWith("WATCHDOG_"));
		changes.forEach((name, value) -> {
			if (value != null) {
				environment.put(name, value);
			}
			else {
				environment.remove(name);
			}
		});
		return environment;
	}

}
