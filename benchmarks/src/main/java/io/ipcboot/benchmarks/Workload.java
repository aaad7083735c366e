package io.ipcboot.benchmarks;

/**
 * The workloads. Both sides consist of a parent and one child that exchange JSON
 * messages.
 */
enum Workload {

	/**
	 * One call at a time, with a small object; the child answers with the same object.
	 */
	CALL_ONE("calls, one at a time"),

	/** The same calls, 64 on their way at any time. */
	CALL_64("calls, 64 in flight"),

	/** One-way messages of about 100 bytes; the child confirms the last one. */
	MESSAGES_100B("one-way messages of 100 B"),

	/** One-way texts of 64 KiB; the child confirms the last one. */
	MESSAGES_64K("one-way texts of 64 KiB"),

	/** Accepted connections that are handed to the child, which closes them. */
	SOCKETS("sockets handed over");

	private final String title;

	Workload(String title) {
		this.title = title;
	}

	String title() {
		return this.title;
	}

}
