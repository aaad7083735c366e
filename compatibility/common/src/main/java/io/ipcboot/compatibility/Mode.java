package io.ipcboot.compatibility;

import java.util.List;

/**
 * How an application runs.
 */
public enum Mode {

	/** As it ran before it had workers. */
	ALONE(0, List.of()),

	/** With workers that do not serve HTTP. */
	POOL(2, List.of("--ipc.pools.default.size=2")),

	/** With workers that serve the application's port. */
	SHARED(2, List.of("--ipc.pools.default.size=2", "--ipc.server.share=true"));

	private final int workers;

	private final List<String> arguments;

	Mode(int workers, List<String> arguments) {
		this.workers = workers;
		this.arguments = arguments;
	}

	int workers() {
		return this.workers;
	}

	List<String> arguments() {
		return this.arguments;
	}

}
