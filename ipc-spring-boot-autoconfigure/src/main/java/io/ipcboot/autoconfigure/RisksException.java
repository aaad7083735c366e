package io.ipcboot.autoconfigure;

/**
 * Thrown if there are risks, and {@code ipc.risks} is set to {@code fail}.
 */
class RisksException extends RuntimeException {

	RisksException(String risks) {
		super("'ipc.risks' is 'fail', and this application is to run in several processes, which may change what it does:%n%s"
			.formatted(risks));
	}

}
