package io.ipcboot.process;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Map;

import io.ipcboot.channel.Frame;
import io.ipcboot.channel.FrameType;

/**
 * How much of a JVM's heap survives a collection, which grows if something leaks.
 */
public final class HeapGauge {

	private static final String HEADER = "heap-after-collection";

	private HeapGauge() {
	}

	/**
	 * Return a sign of life of this JVM.
	 * @return the frame to send
	 */
	public static Frame pong() {
		return Frame.control(FrameType.PONG, 0, Map.of(HEADER, Long.toString(afterCollection())));
	}

	/**
	 * Read what another JVM has sent.
	 * @param pong the frame
	 * @return bytes, 0 if it does not say
	 */
	public static long read(Frame pong) {
		try {
			return Long.parseLong(pong.headers().getOrDefault(HEADER, "0"));
		}
		catch (NumberFormatException ex) {
			return 0;
		}
	}

	private static long afterCollection() {
		long bytes = 0;
		for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
			MemoryUsage usage = (pool.getType() == MemoryType.HEAP) ? pool.getCollectionUsage() : null;
			bytes += (usage != null) ? usage.getUsed() : 0;
		}
		return bytes;
	}

}
