package io.ipcboot;

/**
 * Makes a worker ignore Ctrl-C, which reaches every process of a terminal's group: the
 * parent decides when a worker leaves.
 */
final class TerminalSignals {

	private TerminalSignals() {
	}

	/**
	 * Ignore SIGINT. Uses reflection, since the only class of the JDK for that is in the
	 * module {@code jdk.unsupported}, which may be missing.
	 */
	static void ignoreInterrupt() {
		try {
			Class<?> signal = Class.forName("sun.misc.Signal");
			Class<?> handler = Class.forName("sun.misc.SignalHandler");
			signal.getMethod("handle", signal, handler)
				.invoke(null, signal.getConstructor(String.class).newInstance("INT"),
						handler.getField("SIG_IGN").get(null));
		}
		catch (ReflectiveOperationException | IllegalArgumentException ex) {
			// then Ctrl-C ends the worker a little early
		}
	}

}
