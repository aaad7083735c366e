package io.ipcboot.process;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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

	private final @Nullable List<String> inherited;

	private final Map<String, @Nullable String> changes;

	/**
	 * Create an environment.
	 * @param inherited the variables of this process that the child gets, with {@code *}
	 * at the end for all that begin so; {@code null} for all
	 * @param changes variables to set; those with the value {@code null} are removed
	 * @throws IllegalArgumentException if there is a NUL character in a variable
	 */
	public ChildEnvironment(@Nullable List<String> inherited, Map<String, @Nullable String> changes) {
		changes.forEach((name, value) -> {
			ProcessSpec.requireNoNul("the name of an environment variable", name);
			ProcessSpec.requireNoNul("the environment variable " + name, (value != null) ? value : "");
		});
		this.inherited = (inherited != null) ? List.copyOf(inherited) : null;
		this.changes = new LinkedHashMap<>(changes);
	}

	/**
	 * Turn the environment of this process into that of the child. What is inherited is
	 * not set again: its bytes need not be text in the encoding of this process, and
	 * would be others then.
	 * @param environment the environment of a {@link ProcessBuilder}
	 */
	void applyTo(Map<String, String> environment) {
		environment.keySet().removeIf((name) -> !isInherited(name));
		this.changes.forEach((name, value) -> {
			if (value != null) {
				environment.put(name, value);
			}
			else {
				environment.remove(name);
			}
		});
	}

	private boolean isInherited(String name) {
		return !NEVER_INHERITED.contains(name) && !name.startsWith("WATCHDOG_") && (this.inherited == null
				|| this.inherited.stream().anyMatch((pattern) -> PatternMatchUtils.simpleMatch(pattern, name)));
	}

}
