package io.ipcboot.autoconfigure;

/**
 * Thrown if the options of a pool contradict each other or are out of range.
 */
class InvalidPoolException extends RuntimeException {

	private final String pool;

	private final boolean customized;

	/**
	 * @param customized whether beans have changed what the properties had set
	 */
	InvalidPoolException(String pool, boolean customized, IllegalArgumentException problem) {
		super("The pool '%s' cannot be configured: %s".formatted(pool, problem.getMessage()), problem);
		this.pool = pool;
		this.customized = customized;
	}

	String getPool() {
		return this.pool;
	}

	boolean isCustomized() {
		return this.customized;
	}

}
