package io.ipcboot.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Reads one of a process's output pipes as long as the pipe has a writer.
 */
final class OutputDrain {

	/**
	 * How long to wait for output after the end of the process while the pipe is open.
	 */
	private static final long SILENCE_MILLIS = 250;

	/** The largest capacity of a pipe, {@code /proc/sys/fs/pipe-max-size}. */
	private static final long LARGEST_PIPE = 1024 * 1024;

	/** How long to wait at most for a thread that reads what is left. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	private final CountDownLatch ended = new CountDownLatch(1);

	private final FileInputStream stream;

	/** Closed to make a reading thread return, which closing the stream does not do. */
	private final FileChannel channel;

	private final LineSplitter splitter;

	private volatile boolean reading;

	private volatile long bytes;

	OutputDrain(FileInputStream stream, Consumer<String> lines, @Nullable String marker) {
		this.stream = stream;
		this.channel = stream.getChannel();
		this.splitter = new LineSplitter(lines, marker);
	}

	void start(String name) {
		Thread thread = new Thread(this::drain, name);
		thread.setDaemon(true);
		thread.start();
	}

	private void drain() {
		byte[] chunk = new byte[LineSplitter.MAX_LINE];
		try (this.channel) {
			for (int count; (count = read(chunk)) >= 0;) {
				this.bytes += count;
				this.splitter.accept(chunk, count);
			}
		}
		catch (IOException ex) {
			// closed, because a grandchild has the pipe and lives on
		}
		finally {
			this.splitter.end();
			this.ended.countDown();
		}
	}

	private int read(byte[] chunk) throws IOException {
		this.reading = true;
		try {
			return this.channel.read(ByteBuffer.wrap(chunk));
		}
		finally {
			this.reading = false;
		}
	}

	/**
	 * Wait until all output of the ended process was read, but not for grandchildren that
	 * inherited the pipe and live on.
	 */
	void finish() throws InterruptedException, IOException {
		long deadline = System.nanoTime() + PATIENCE;
		long limit = this.bytes + LARGEST_PIPE;
		long seen = this.bytes;
		while (!this.ended.await(SILENCE_MILLIS, TimeUnit.MILLISECONDS) && System.nanoTime() < deadline) {
			long now = this.bytes;
			if (now > limit || (now == seen && isSilent())) {
				this.channel.close();
			}
			seen = now;
		}
		this.channel.close();
	}

	private boolean isSilent() throws IOException {
		return this.reading && this.stream.available() == 0;
	}

}
