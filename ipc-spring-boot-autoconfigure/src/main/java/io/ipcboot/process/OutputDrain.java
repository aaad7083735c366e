package io.ipcboot.process;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Reads one of a process's output pipes, as long as it has a writer.
 */
final class OutputDrain {

	/** Nothing comes any more, although the process has ended and the pipe is open. */
	private static final long SILENCE_MILLIS = 250;

	/** No pipe holds more, {@code /proc/sys/fs/pipe-max-size}. */
	private static final long LARGEST_PIPE = 1024 * 1024;

	/** For the case that the consumer of the lines never returns. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	private final CountDownLatch ended = new CountDownLatch(1);

	private final FileInputStream stream;

	/** Its {@code close} makes a thread return that reads, other than the stream's. */
	private final FileChannel channel;

	private final LineSplitter splitter;

	private volatile boolean reading;

	private volatile long bytes;

	OutputDrain(FileInputStream stream, Consumer<String> lines) {
		this.stream = stream;
		this.channel = stream.getChannel();
		this.splitter = new LineSplitter(lines);
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
			// closed, as a grandchild has the pipe and lives on
		}
		finally {
			this.splitter.end();
			this.ended.countDown();
		}
	}

	private int read(byte[] chunk) throws IOException {
		// a consumer may have left it set, and the channel would close
		Thread.interrupted();
		this.reading = true;
		try {
			return this.channel.read(ByteBuffer.wrap(chunk));
		}
		finally {
			this.reading = false;
		}
	}

	/**
	 * The process has ended: wait until all that it has written was passed on, but not
	 * for grandchildren that have inherited the pipe and live on.
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
