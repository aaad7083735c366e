package io.ipcboot.autoconfigure;

/**
 * Thrown if the pool whose workers are to serve is not configured.
 */
class NoServingPoolException extends RuntimeException {

	private final String pool;

	NoServingPoolException(String pool) {
		super("'ipc.server.share' is set, but the pool '%s', whose workers should serve, does not exist"
			.formatted(pool));
		this.pool = pool;
	}

	String getPool() {
		return this.pool;
	}

}
