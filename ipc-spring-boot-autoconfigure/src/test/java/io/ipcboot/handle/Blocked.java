package io.ipcboot.handle;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;

/**
 * Waits until a thread is inside a system call.
 */
final class Blocked {

	private Blocked() {
	}

	/**
	 * A thread in native code looks runnable; it is taken for blocked when it has been on
	 * top of the same native method for some time.
	 */
	static Thread await(AtomicReference<Thread> thread) {
		Awaitility.await().until(() -> thread.get() != null);
		Awaitility.await()
			.during(Duration.ofMillis(100))
			.pollInterval(Duration.ofMillis(10))
			.until(() -> isInNativeMethod(thread.get()));
		return thread.get();
	}

	private static boolean isInNativeMethod(Thread thread) {
		StackTraceElement[] stack = thread.getStackTrace();
		return stack.length > 0 && stack[0].isNativeMethod();
	}

}
