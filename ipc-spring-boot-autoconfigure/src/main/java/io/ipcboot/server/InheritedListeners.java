package io.ipcboot.server;

import java.io.IOException;
import java.util.Map;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Listeners that a service manager has bound and passed to this process,
 * sd_listen_fds(3): descriptor 3 is that of the first connector, and so on. As the
 * service manager keeps them, not even a restart of this process refuses a connection.
 */
final class InheritedListeners {

	private static final int FIRST = 3;

	private InheritedListeners() {
	}

	static @Nullable Handle find(int connector) throws IOException {
		return (connector < count(System.getenv(), ProcessHandle.current().pid()))
				? Handle.ofInheritedListener(FIRST + connector) : null;
	}

	static int count(Map<String, String> environment, long pid) {
		if (!Long.toString(pid).equals(environment.get("LISTEN_PID"))) {
			return 0;
		}
		try {
			return Integer.parseInt(environment.getOrDefault("LISTEN_FDS", "0"));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

}
