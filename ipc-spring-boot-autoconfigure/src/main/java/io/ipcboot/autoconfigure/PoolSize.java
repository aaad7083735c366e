package io.ipcboot.autoconfigure;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * The number of workers: as configured, or as many as processors and memory allow. Both
 * are those of the container, if there is one.
 */
final class PoolSize {

	private static final Log logger = LogFactory.getLog(PoolSize.class);

	/** The memory that a JVM needs besides its heap: classes, code, threads, buffers. */
	private static final long BESIDE_HEAP = DataSize.ofMegabytes(200).toBytes();

	private static final DataSize DEFAULT_HEAP = DataSize.ofMegabytes(512);

	private PoolSize() {
	}

	static int parse(String pool, String size, @Nullable DataSize maxHeap, int spares) {
		if (!isAuto(size)) {
			try {
				return Integer.parseInt(size);
			}
			catch (NumberFormatException ex) {
				throw new IllegalArgumentException("size must be a number or \"auto\", but is \"" + size + "\"");
			}
		}
		long memory = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
		Runtime own = Runtime.getRuntime();
		return auto(pool, own.availableProcessors(), memory, own.maxMemory() + BESIDE_HEAP,
				((maxHeap != null) ? maxHeap : DEFAULT_HEAP).toBytes() + BESIDE_HEAP, spares);
	}

	private static boolean isAuto(String size) {
		return size.equalsIgnoreCase("auto");
	}

	/**
	 * Return the maximum heap of a worker, which must be known to derive the number of
	 * workers from the memory.
	 * @return the limit, or {@code null} to leave it to the JVM
	 */
	static @Nullable DataSize heap(String size, @Nullable DataSize maxHeap) {
		return (maxHeap == null && isAuto(size)) ? DEFAULT_HEAP : maxHeap;
	}

	static int auto(String pool, int processors, long memory, long parent, long worker, int spares) {
		long fitting = Math.max(0, memory - parent) / worker;
		int size = (int) Math.max(1, Math.min(processors, fitting - spares));
		String arithmetic = ("Pool '%s' has %d workers and %d spares: there are %d processors, and (%,d MB of memory "
				+ "- %,d MB for this process) / %,d MB = %d workers")
			.formatted(pool, size, spares, processors, memory >> 20, parent >> 20, worker >> 20, fitting);
		if (fitting < size + spares) {
			logger.warn(arithmetic + ", so the processes may run out of memory");
		}
		else {
			logger.info(arithmetic);
		}
		return size;
	}

}
