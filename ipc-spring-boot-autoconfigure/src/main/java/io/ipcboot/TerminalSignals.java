package io.ipcboot;

/**
 * Ctrl-C reaches every process of a terminal's group. A worker ignores it, as its parent
 * tells it when to leave.
 */
final class TerminalSignals {

	private TerminalSignals() {
	}

	/**
	 * Done by reflection, as the JDK's only class for it, in the module
	 * {@code jdk.unsupported}, need not be there.
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
