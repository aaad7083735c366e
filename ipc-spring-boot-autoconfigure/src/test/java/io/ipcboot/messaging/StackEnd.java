package io.ipcboot.messaging;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread that has used up its stack, as one in an endless recursion has.
 */
public final class StackEnd {

	/** More than what a message needs, whatever the compiler makes of it. */
	private static final int LEVELS = 600;

	private final AtomicInteger levels = new AtomicInteger();

	private final AtomicInteger overflows = new AtomicInteger();

	private final Runnable action;

	private StackEnd(Runnable action) {
		this.action = action;
	}

	/**
	 * Run an action at every depth near the end of the stack, deepest first.
	 * @return how often there was too little stack for it
	 */
	public static int run(Runnable action) throws InterruptedException {
		StackEnd end = new StackEnd(action);
		Thread thread = new Thread(null, end::descend, "end-of-stack", 512 * 1024);
		thread.start();
		thread.join();
		return end.overflows.get();
	}

	private void descend() {
		try {
			descend();
		}
		catch (StackOverflowError ex) {
			// this is the end
		}
		if (this.levels.getAndIncrement() < LEVELS) {
			try {
				this.action.run();
			}
			catch (StackOverflowError ex) {
				this.overflows.incrementAndGet();
			}
		}
	}

}
