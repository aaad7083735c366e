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
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Shared memory in which a worker notes the last message that it started, so that its
 * parent knows even after a {@code kill -9} which messages no listener has seen, and the
 * last one-way message that it finished, so that its parent knows whether the worker died
 * of one. Noting costs a memory write, not a system call.
 * <p>
 * The file has no name by the time the worker gets it. The parent reads it with read(2)
 * instead of mapping it: a worker that truncates the file cannot make the parent fault.
 */
public final class StartLedger implements Closeable {

	private static final Log logger = LogFactory.getLog(StartLedger.class);

	/** The value for: it is not known what was started. */
	public static final long UNKNOWN = Long.MAX_VALUE;

	private static final int SIZE = 4096;

	private static final int STARTED = 0;

	private static final int FINISHED = Long.BYTES;

	private static final VarHandle NUMBER = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	/** The file; {@code null} if there was no space for one. */
	private final @Nullable RandomAccessFile file;

	private final @Nullable Handle handle;

	private long lastStarted = UNKNOWN;

	private long lastFinished = UNKNOWN;

	private StartLedger() {
		this.file = null;
		this.handle = null;
	}

	private StartLedger(RandomAccessFile file) throws IOException {
		this.file = file;
		this.handle = Handle.share(file);
	}

	/**
	 * Create a ledger, in memory where the system has a file system for that.
	 * @return an empty ledger, or if there is no space for it, one that always returns
	 * {@link #UNKNOWN}
	 */
	public static StartLedger create() {
		try {
			return createFile();
		}
		catch (IOException ex) {
			logger.warn(
					"There is no space for the file in which a worker notes what it starts. If the worker dies, its "
							+ "calls are not sent to another one. Free some space in /dev/shm or in java.io.tmpdir",
					ex);
			return new StartLedger();
		}
	}

	private static StartLedger createFile() throws IOException {
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
	 * Return the handle to send to the worker.
	 * @return a handle, closed with the ledger; {@code null} if there is no space for one
	 */
	public @Nullable Handle handle() {
		return this.handle;
	}

	/**
	 * Return the id of the last message that the worker had started when the ledger was
	 * closed.
	 * @return the id, 0 if there is none; {@link #UNKNOWN} if the ledger could not be
	 * read, so that nothing that may have been started is sent again
	 */
	public long lastStarted() {
		return this.lastStarted;
	}

	/**
	 * Return the one-way message that a listener of the worker had when the ledger was
	 * closed.
	 * @return the id of the message, or that of a call; 0 for none
	 */
	public long running() {
		return (this.lastStarted == this.lastFinished) ? 0 : this.lastStarted;
	}

	/**
	 * Return the one-way message that a listener of the worker has at this moment.
	 * @return the id of the message, or that of a call; 0 for none, or if it is not known
	 */
	public synchronized long runningNow() {
		if (this.file == null || this.lastStarted != UNKNOWN) {
			return 0;
		}
		long finished = read(this.file, FINISHED);
		long started = read(this.file, STARTED);
		return (started == finished || started == UNKNOWN) ? 0 : started;
	}

	/**
	 * Read the ledger for the last time and release its space, since the worker has
	 * ended.
	 */
	@Override
	public synchronized void close() {
		if (this.file == null || this.handle == null) {
			return;
		}
		this.lastStarted = read(this.file, STARTED);
		this.lastFinished = read(this.file, FINISHED);
		try {
			this.handle.close();
			this.file.close();
		}
		catch (IOException ex) {
			// the file has no name and no other process uses it
		}
	}

	private static long read(RandomAccessFile file, int position) {
		try {
			// not through the channel, which an interrupt would close
			file.seek(position);
			return file.readLong();
		}
		catch (IOException ex) {
			return UNKNOWN;
		}
	}

	/**
	 * Open a ledger in the worker.
	 * @param handle the handle that the parent sent; used up
	 * @return the entries of the ledger, to write to
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
	 * The writable entries of a ledger.
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
