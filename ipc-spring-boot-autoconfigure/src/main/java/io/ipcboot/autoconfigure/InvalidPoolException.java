package io.ipcboot.autoconfigure;

/**
 * Thrown if properties of a pool contradict each other or are out of range.
 */
class InvalidPoolException extends RuntimeException {

	private final String pool;

	InvalidPoolException(String pool, IllegalArgumentException problem) {
		super("The pool '%s' cannot be configured: %s".formatted(pool, problem.getMessage()), problem);
		this.pool = pool;
	}

	String getPool() {
		return this.pool;
	}

}
