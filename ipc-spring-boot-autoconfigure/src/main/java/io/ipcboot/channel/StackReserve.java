package io.ipcboot.channel;

/**
 * Makes sure that a borrowed thread has stack left for what is done on it. A thread of
 * the application may be deep in a recursion; its StackOverflowError must come before
 * anything is taken in hand, and not in the middle.
 */
public final class StackReserve {

	/** Several times as many calls as are nested below, as those have larger frames. */
	private static final int CALLS = 200;

	private StackReserve() {
	}

	/**
	 * Use the stack for a moment.
	 * @throws StackOverflowError if too little is left
	 */
	public static void require() {
		descend(CALLS);
	}

	private static int descend(int calls) {
		// the sum keeps each call in need of a frame of its own
		return (calls > 0) ? descend(calls - 1) + calls : 0;
	}

}
