package io.ipcboot.channel;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.LongConsumer;

import io.ipcboot.handle.Handle;

/**
 * Shared memory in which a worker notes the last message that it has started, so that its
 * parent knows even after a {@code kill -9} which messages no listener has seen, and the
 * last one-way message that it has finished, so that its parent knows whether it has died
 * of one. Noting costs a memory write, not a system call.
 * <p>
 * The file has no name by the time the worker gets it. The parent reads it with read(2)
 * instead of mapping it: a worker that truncates the file cannot make the parent fault.
 */
public final class StartLedger implements Closeable {

	/** Says that nobody knows what was started. */
	public static final long UNKNOWN = Long.MAX_VALUE;

	private static final int SIZE = 4096;

	private static final int STARTED = 0;

	private static final int FINISHED = Long.BYTES;

	private static final VarHandle NUMBER = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private final RandomAccessFile file;

	private final Handle handle;

	private StartLedger(RandomAccessFile file) throws IOException {
		this.file = file;
		this.handle = Handle.share(file);
	}

	/**
	 * Create a ledger, in memory where the system has a file system for that.
	 * @return a ledger that says that nothing was started
	 * @throws IOException if there is no space for a file
	 */
	public static StartLedger create() throws IOException {
		Path memory = Path.of("/dev/shm");
		Path directory = Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
		Path path = Files.createTempFile(directory, "ipc-" + ProcessHandle.current().pid() + "-", ".ledger",
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
		RandomAccessFile file = null;
		try {
			file = new RandomAccessFile(path.toFile(), "rw");
			// written, not only extended: a full disk must show here and not in the
			// worker
			file.write(new byte[SIZE]);
			return new StartLedger(file);
		}
		catch (IOException ex) {
			if (file != null) {
				file.close();
			}
			throw ex;
		}
		finally {
			Files.delete(path);
		}
	}

	/**
	 * Return what to send to the worker.
	 * @return a handle, closed with the ledger
	 */
	public Handle handle() {
		return this.handle;
	}

	/**
	 * Return the id of the last message that the worker has started.
	 * @return the id, 0 if there is none; {@link #UNKNOWN} if the ledger cannot be read,
	 * so that nothing that may have been started is sent again
	 */
	public long lastStarted() {
		return read(STARTED);
	}

	/**
	 * Return the id of the last one-way message that the worker has finished.
	 * @return the id, 0 if there is none; {@link #UNKNOWN} if the ledger cannot be read
	 */
	public long lastFinished() {
		return read(FINISHED);
	}

	private long read(int position) {
		try {
			// not through the channel, which an interrupt would close
			this.file.seek(position);
			return this.file.readLong();
		}
		catch (IOException ex) {
			return UNKNOWN;
		}
	}

	@Override
	public void close() throws IOException {
		this.handle.close();
		this.file.close();
	}

	/**
	 * Open a ledger in the worker.
	 * @param handle what the parent has sent; used up
	 * @return notes ids
	 * @throws IOException if the file cannot be mapped
	 */
	public static Notes open(Handle handle) throws IOException {
		try (FileChannel channel = handle.as(FileChannel.class)) {
			ByteBuffer memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
			return new Notes((id) -> NUMBER.setRelease(memory, STARTED, id),
					(id) -> NUMBER.setRelease(memory, FINISHED, id));
		}
	}

	/**
	 * How a worker writes into its ledger.
	 *
	 * @param started takes the ids of messages and calls before they start
	 * @param finished takes the ids of one-way messages when their listeners are done
	 */
	public record Notes(LongConsumer started, LongConsumer finished) {

		static final Notes NONE = new Notes((id) -> {
		}, (id) -> {
		});

	}

}
