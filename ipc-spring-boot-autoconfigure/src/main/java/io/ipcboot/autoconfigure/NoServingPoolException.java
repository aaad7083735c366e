package io.ipcboot.autoconfigure;

/**
 * The pool whose workers are to serve is not configured.
 */
class NoServingPoolException extends RuntimeException {

	private final String pool;

	NoServingPoolException(String pool) {
		super("'ipc.server.share' is set, but there is no pool '%s' whose workers could serve".formatted(pool));
		this.pool = pool;
	}

	String getPool() {
		return this.pool;
	}

}
