package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;

/**
 * The runs of applications that a thread has started. The contexts of a hierarchy are
 * started by one run, which first runs the application of the parent context.
 */
final class ApplicationRuns {

	private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

	/** What calls a main method, if the JVM starts with that method. */
	private static final List<String> LAUNCHERS = List.of("org.springframework.boot.loader.",
			"org.springframework.boot.devtools.restart.", "java.", "jdk.");

	/** A restart by devtools calls the main method again, in another thread. */
	private static final ThreadLocal<Integer> STARTED = ThreadLocal.withInitial(() -> 0);

	private ApplicationRuns() {
	}

	/** Note that this thread starts an application. */
	static void starting() {
		if (isOutermost()) {
			STARTED.set(STARTED.get() + 1);
		}
	}

	/** Return the number of the present run, where the first one of this thread is 1. */
	static int number() {
		boolean starting = STACK.walk((frames) -> runs(frames).reduce((inner, outer) -> outer))
			.filter(ApplicationRuns::isRun)
			.isPresent();
		return STARTED.get() + (starting ? 0 : 1);
	}

	/**
	 * Return whether this thread starts no other application. The context of an inner one
	 * is the parent of another context, or serves to start it.
	 */
	static boolean isOutermost() {
		return STACK.walk((frames) -> runs(frames).count()) == 1;
	}

	/**
	 * Return whether the context that this thread starts will be the parent of another.
	 */
	static boolean isForChild() {
		return STACK.walk((frames) -> runs(frames).skip(1).findFirst()).filter(ApplicationRuns::isOfChild).isPresent();
	}

	/**
	 * Return whether this thread runs the main method with which the JVM has started.
	 * @param mainClass the name of the class with that method
	 */
	static boolean areOf(@Nullable String mainClass) {
		return STACK.walk((frames) -> frames.filter((frame) -> !isLauncher(frame)).reduce((inner, outer) -> outer))
			.filter((frame) -> frame.getClassName().equals(mainClass) && frame.getMethodName().equals("main"))
			.isPresent();
	}

	private static boolean isLauncher(StackWalker.StackFrame frame) {
		return LAUNCHERS.stream().anyMatch(frame.getClassName()::startsWith);
	}

	private static Stream<StackWalker.StackFrame> runs(Stream<StackWalker.StackFrame> frames) {
		return frames.filter((frame) -> isRun(frame) || isOfChild(frame));
	}

	private static boolean isRun(StackWalker.StackFrame frame) {
		return frame.getDeclaringClass() == SpringApplication.class && frame.getMethodName().equals("run")
				&& frame.getDescriptor().startsWith("([Ljava/lang/String;)");
	}

	private static boolean isOfChild(StackWalker.StackFrame frame) {
		return frame.getDeclaringClass() == SpringApplicationBuilder.class
				&& frame.getMethodName().equals("configureAsChildIfNecessary");
	}

}
