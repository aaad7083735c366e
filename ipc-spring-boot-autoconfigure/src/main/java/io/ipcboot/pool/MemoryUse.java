package io.ipcboot.pool;

import io.ipcboot.channel.Frame;
import io.ipcboot.process.HeapGauge;
import io.ipcboot.process.ProcessStatus;

/**
 * What memory a worker uses: the system says what is resident, proc(5), and the worker
 * with every sign of life what is left of its heap after a collection.
 */
final class MemoryUse {

	private final long pid;

	private volatile long heapAfterCollection;

	MemoryUse(long pid) {
		this.pid = pid;
	}

	void reported(Frame frame) {
		this.heapAfterCollection = HeapGauge.read(frame);
	}

	Member.Memory now() {
		return new Member.Memory(resident(), this.heapAfterCollection);
	}

	private long resident() {
		String kilobytes = ProcessStatus.field(this.pid, "VmRSS");
		return (kilobytes != null) ? 1024 * Long.parseLong(kilobytes.replace("kB", "").strip()) : 0;
	}

}
