package io.ipcboot.handle;

/**
 * Ends with a stack trace where forking is not supported.
 */
final class PlatformMain {

	private PlatformMain() {
	}

	public static void main(String[] args) {
		Platform.requireSupported();
	}

}
