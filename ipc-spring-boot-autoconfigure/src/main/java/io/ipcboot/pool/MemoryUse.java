package io.ipcboot.pool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.ipcboot.channel.Frame;
import io.ipcboot.process.HeapGauge;

/**
 * What memory a worker uses: the system says what is resident, proc(5), and the worker
 * with every sign of life what is left of its heap after a collection.
 */
final class MemoryUse {

	private static final String RESIDENT = "VmRSS:";

	private final Path status;

	private volatile long heapAfterCollection;

	MemoryUse(long pid) {
		this.status = Path.of("/proc", Long.toString(pid), "status");
	}

	void reported(Frame frame) {
		this.heapAfterCollection = HeapGauge.read(frame);
	}

	Member.Memory now() {
		return new Member.Memory(resident(), this.heapAfterCollection);
	}

	private long resident() {
		try {
			for (String line : Files.readAllLines(this.status)) {
				if (line.startsWith(RESIDENT)) {
					return 1024 * Long.parseLong(line.substring(RESIDENT.length()).replace("kB", "").strip());
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			// it has just ended, or there is no such file outside Linux
		}
		return 0;
	}

}
