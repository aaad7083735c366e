package io.ipcboot.process;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * Measures how much of this JVM's heap survives a collection, which grows if something
 * leaks.
 */
public final class HeapGauge {

	private HeapGauge() {
	}

	/**
	 * Measure the heap of this JVM.
	 * @return how many bytes were in use after the last collection
	 */
	public static long afterCollection() {
		long bytes = 0;
		for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
			MemoryUsage usage = (pool.getType() == MemoryType.HEAP) ? pool.getCollectionUsage() : null;
			bytes += (usage != null) ? usage.getUsed() : 0;
		}
		return bytes;
	}

}
