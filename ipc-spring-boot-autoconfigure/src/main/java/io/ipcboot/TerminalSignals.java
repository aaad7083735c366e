package io.ipcboot;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import org.jspecify.annotations.Nullable;

/**
 * Makes a worker ignore Ctrl-C, which reaches every process of a terminal's group: the
 * parent decides when a worker leaves.
 */
final class TerminalSignals {

	private TerminalSignals() {
	}

	/**
	 * Do nothing on SIGINT. There is a handler for that, because programs that the worker
	 * starts would inherit a signal that is ignored, signal(7), and a shell could not
	 * even trap it. Uses reflection, since the only class of the JDK for that is in the
	 * module {@code jdk.unsupported}, which may be missing.
	 */
	static void ignoreInterrupt() {
		try {
			Class<?> signal = Class.forName("sun.misc.Signal");
			Class<?> handler = Class.forName("sun.misc.SignalHandler");
			signal.getMethod("handle", signal, handler)
				.invoke(null, signal.getConstructor(String.class).newInstance("INT"),
						Proxy.newProxyInstance(TerminalSignals.class.getClassLoader(), new Class<?>[] { handler },
								TerminalSignals::doNothing));
		}
		catch (ReflectiveOperationException | IllegalArgumentException ex) {
			// then Ctrl-C ends the worker a little early
		}
	}

	private static @Nullable Object doNothing(Object proxy, Method method, Object @Nullable [] arguments) {
		return switch (method.getName()) {
			case "hashCode" -> System.identityHashCode(proxy);
			case "equals" -> arguments != null && proxy == arguments[0];
			case "toString" -> "ignored";
			default -> null;
		};
	}

}
