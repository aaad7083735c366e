package io.ipcboot;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;

import org.springframework.util.unit.DataSize;

/**
 * How many workers the pools of an application have, and how many of them start at a
 * time.
 *
 * @param maxWorkers how many workers all pools together may have, spares included
 * @param parallelStarts how many workers of all pools start at a time; the others wait
 */
public record WorkerLimits(int maxWorkers, int parallelStarts) {

	/** Below this, no JVM runs a Spring application. */
	private static final long MEMORY = DataSize.ofMegabytes(64).toBytes();

	/**
	 * The channel, two pipes, the ledger, and what starting a process takes meanwhile.
	 */
	private static final int DESCRIPTORS = 8;

	/** For the application itself. */
	private static final int OTHER_DESCRIPTORS = 256;

	private static final int LEAST = 8;

	/**
	 * The limits of this machine or container: as many workers as its memory and its
	 * descriptors can possibly bear, and as many starts at a time as there are
	 * processors, but at least two, so that a worker that hangs holds up no other.
	 */
	public static final WorkerLimits DEFAULT = new WorkerLimits(ofThisMachine(),
			Math.max(2, Runtime.getRuntime().availableProcessors()));

	public WorkerLimits {
		if (maxWorkers < 1 || parallelStarts < 1) {
			throw new IllegalArgumentException("Limits of workers must be at least 1, but are %d workers and %d starts"
				.formatted(maxWorkers, parallelStarts));
		}
	}

	private static int ofThisMachine() {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		long most = system.getTotalMemorySize() / MEMORY;
		if (system instanceof UnixOperatingSystemMXBean unix) {
			most = Math.min(most, (unix.getMaxFileDescriptorCount() - OTHER_DESCRIPTORS) / DESCRIPTORS);
		}
		return (int) Math.max(LEAST, Math.min(Integer.MAX_VALUE, most));
	}

}
