package io.ipcboot.server;

import java.io.IOException;
import java.util.Map;

import io.ipcboot.handle.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Server sockets that a service manager has bound and passed to this process,
 * sd_listen_fds(3). Descriptor 3 belongs to the first connector, and so on. As the
 * service manager keeps the sockets, not even a restart of this process refuses a
 * connection.
 */
final class SystemdSockets {

	private static final int FIRST = 3;

	private SystemdSockets() {
	}

	static @Nullable Handle find(int connector) throws IOException {
		return (connector < count(System.getenv(), ProcessHandle.current().pid()))
				? Handle.ofInheritedSocket(FIRST + connector) : null;
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
