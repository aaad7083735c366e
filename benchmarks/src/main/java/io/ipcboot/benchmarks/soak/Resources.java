package io.ipcboot.benchmarks.soak;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * The resources that this process holds.
 *
 * @param descriptors open descriptors
 * @param threads live threads
 * @param heap used heap after a collection, in bytes
 * @param files temporary files and directories of the library
 */
record Resources(long descriptors, int threads, long heap, long files) {

	/** What a collection leaves depends on what it has not got to yet. */
	private static final long HEAP_TOLERANCE = 8 * 1024 * 1024;

	static Resources now() throws IOException {
		System.gc();
		System.gc();
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			return new Resources(descriptors.count(), ManagementFactory.getThreadMXBean().getThreadCount(),
					ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
					files(System.getProperty("java.io.tmpdir")) + files("/dev/shm"));
		}
	}

	private static long files(String directory) throws IOException {
		try (Stream<Path> files = Files.list(Path.of(directory))) {
			return files.filter((file) -> file.getFileName().toString().startsWith("ipc-")).count();
		}
	}

	/**
	 * Whether these are no more resources than before.
	 * @param channels how many channels may have started their second thread meanwhile
	 */
	boolean isBackAt(Resources before, int channels) {
		return this.descriptors <= before.descriptors + 2 && this.threads <= before.threads + channels
				&& this.heap <= before.heap + HEAP_TOLERANCE && this.files <= before.files;
	}

	@Override
	public String toString() {
		return "%d descriptors, %d threads, %,d KB of heap, %d temporary files".formatted(this.descriptors,
				this.threads, this.heap >> 10, this.files);
	}

}
