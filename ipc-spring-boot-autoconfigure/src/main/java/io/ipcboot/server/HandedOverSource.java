package io.ipcboot.server;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.VirtualThreads;
import io.ipcboot.handle.Descriptors;
import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleKind;
import io.ipcboot.handle.HandleSocket;
import org.jspecify.annotations.Nullable;

/**
 * The connections that the parent hands to this worker: the worker's end of a
 * {@link WorkerLink}. The thread that accepts a connection reads it from the link itself.
 */
final class HandedOverSource implements ConnectionSource {

	private static final Duration REPORT_INTERVAL = Duration.ofMillis(20);

	/** The longest pause between two reports, while nothing changes. */
	private static final Duration MAX_REPORT_INTERVAL = Duration.ofSeconds(1);

	private final ReentrantLock reading = new ReentrantLock();

	private final ReentrantLock writing = new ReentrantLock();

	private final AtomicBoolean reporting = new AtomicBoolean();

	/**
	 * What was yielded, except what is known to be closed. The server's own number would
	 * lack what the server has accepted and not registered yet. Guarded by
	 * {@link #writing}.
	 */
	private final Set<SocketChannel> yielded = new HashSet<>();

	private final HandleSocket socket;

	private final Duration maxReportInterval;

	/**
	 * The connections that were reported as taken and are not among the yielded ones yet.
	 * Guarded by {@link #writing}.
	 */
	private int adopting;

	/** The number of open connections, at most. Written with {@link #writing} held. */
	private volatile int open;

	private volatile boolean closed;

	/**
	 * @param socket the worker's end of the link
	 * @param limited whether the parent waits for connections to end
	 */
	HandedOverSource(HandleSocket socket, boolean limited) {
		this.socket = socket;
		this.maxReportInterval = limited ? REPORT_INTERVAL : MAX_REPORT_INTERVAL;
		socket.acceptHandles(true);
	}

	@Override
	public @Nullable SocketChannel accept() throws IOException {
		return VirtualThreads.isCurrent() ? acceptElsewhere() : receive();
	}

	/** Accept on a platform thread, as only such a thread may receive descriptors. */
	private @Nullable SocketChannel acceptElsewhere() throws IOException {
		FutureTask<@Nullable SocketChannel> task = new FutureTask<>(this::receive);
		Background.EXECUTOR.execute(task);
		boolean interrupted = false;
		try {
			while (true) {
				try {
					return task.get();
				}
				catch (InterruptedException ex) {
					// the connection that the task receives must not be lost
					interrupted = true;
				}
			}
		}
		catch (ExecutionException ex) {
			throw new IOException("Cannot accept a connection", ex.getCause());
		}
		finally {
			if (interrupted) {
				Thread.currentThread().interrupt();
			}
		}
	}

	private @Nullable SocketChannel receive() throws IOException {
		this.reading.lock();
		try {
			byte[] signal = new byte[1];
			while (!this.closed && read(signal)) {
				Handle handle = this.socket.pollTrusted(HandleKind.TCP_SOCKET);
				if (handle == null) {
					report(LinkReport.MISSED, 0);
					throw new IOException("A connection did not arrive because this process has no descriptors left");
				}
				SocketChannel taken = take(handle);
				if (taken != null) {
					return taken;
				}
			}
			return null;
		}
		finally {
			this.reading.unlock();
		}
	}

	private boolean read(byte[] signal) {
		try {
			return this.socket.read(signal, 0, signal.length) > 0;
		}
		catch (IOException ex) {
			// the same as the end: the parent is gone, or this worker has left
			return false;
		}
	}

	/**
	 * Adopt a connection once it is reported as taken: only then does the parent not hand
	 * it to another worker.
	 */
	private @Nullable SocketChannel take(Handle handle) {
		if (!report(LinkReport.TAKEN, 1)) {
			handle.close();
			return null;
		}
		SocketChannel adopted = null;
		try {
			adopted = handle.as(SocketChannel.class);
		}
		catch (IOException ex) {
			// the client has reset the connection; the next one is accepted as usual
			handle.close();
		}
		finally {
			adopted(adopted);
		}
		reportSoon(REPORT_INTERVAL);
		return adopted;
	}

	private void adopted(@Nullable SocketChannel connection) {
		this.writing.lock();
		try {
			this.adopting--;
			if (connection != null) {
				this.yielded.add(connection);
			}
		}
		finally {
			this.writing.unlock();
		}
	}

	private boolean report(int outcome, int taken) {
		this.writing.lock();
		try {
			this.adopting += taken;
			this.open += taken;
			this.socket.write(new LinkReport(outcome, this.open).bytes(), 0, LinkReport.SIZE);
			return true;
		}
		catch (IOException ex) {
			return false;
		}
		finally {
			this.writing.unlock();
		}
	}

	private void reportSoon(Duration interval) {
		if (this.reporting.compareAndSet(false, true)) {
			Background.schedule(() -> reportLoad(interval), interval);
		}
	}

	private void reportLoad(Duration interval) {
		this.reporting.set(false);
		boolean changed = hasChanged();
		if (this.closed || (changed && !report(LinkReport.LOAD, 0)) || this.open == 0) {
			return;
		}
		Duration doubled = interval.multipliedBy(2);
		reportSoon(changed ? REPORT_INTERVAL
				: (doubled.compareTo(this.maxReportInterval) < 0) ? doubled : this.maxReportInterval);
	}

	/** Count the open connections, and return whether their number was reported. */
	private boolean hasChanged() {
		this.writing.lock();
		try {
			this.yielded.removeIf((connection) -> !connection.isOpen());
			int reported = this.open;
			this.open = this.yielded.size() + this.adopting;
			return this.open != reported;
		}
		finally {
			this.writing.unlock();
		}
	}

	/** Connections that were not taken go back; those that were are still served. */
	@Override
	public void close() {
		this.closed = true;
		this.socket.shutdown();
		this.reading.lock();
		this.writing.lock();
		try {
			Descriptors.closeQuietly(this.socket);
		}
		finally {
			this.writing.unlock();
			this.reading.unlock();
		}
	}

}
