package io.ipcboot.channel;

import java.util.stream.Stream;

/**
 * Finds threads that have called {@link System#exit}. They do not return, so the end of
 * the JVM must not wait for what they were doing.
 */
public final class JvmShutdown {

	private JvmShutdown() {
	}

	/**
	 * Return whether a thread waits for the end of this JVM.
	 * @param thread the thread
	 * @return {@code true} if the thread has called {@link System#exit} or the like
	 */
	public static boolean isAwaitedBy(Thread thread) {
		return Stream.of(thread.getStackTrace()).anyMatch((call) -> call.getClassName().equals("java.lang.Shutdown"));
	}

}
