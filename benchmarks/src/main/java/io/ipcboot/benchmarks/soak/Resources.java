package io.ipcboot.benchmarks.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What this process holds.
 *
 * @param descriptors open descriptors
 * @param threads live threads
 * @param heap used heap after a collection, in bytes
 * @param files temporary files and directories of ours
 */
record Resources(long descriptors, int threads, long heap, long files) {

	static Resources now() throws IOException {
		System.gc();
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"));
				Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
			return new Resources(descriptors.count(), ManagementFactory.getThreadMXBean().getThreadCount(),
					ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
					files.filter((file) -> file.getFileName().toString().startsWith("ipc-")).count());
		}
	}

	@Override
	public String toString() {
		return "%d descriptors, %d threads, %,d KB of heap, %d temporary files".formatted(this.descriptors,
				this.threads, this.heap >> 10, this.files);
	}

}
