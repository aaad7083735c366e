package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A Unix-domain stream socket over which bytes and descriptors travel, unix(7). Reading
 * and writing block; one thread may read while another writes. Only platform threads may
 * read and send descriptors, since junixsocket would switch the socket to non-blocking
 * for a virtual one. Interrupting a thread neither ends its operation nor closes the
 * socket.
 */
public final class HandleSocket implements Closeable {

	/** Any size enables the reception of descriptors; junixsocket then uses 256 bytes. */
	private static final int ANCILLARY_BUFFER_SIZE = 256;

	private static final int UNDIVIDED = 1024;

	private final AFUNIXSocketChannel channel;

	private final HandleSender sender;

	private final AFSocket<?> socket;

	private final InputStream input;

	/** Writes bytes alone: ignores interrupts, and may be used by virtual threads. */
	private final FileOutputStream plainOutput;

	/** Reads bytes alone: the kernel closes the descriptors that come with them. */
	private final FileInputStream plainInput;

	private final ReceivedDescriptors received = new ReceivedDescriptors();

	private volatile boolean acceptsHandles;

	private @Nullable SocketPoller poller;

	private @Nullable SendBuffer sendBuffer;

	private HandleSocket(AFUNIXSocketChannel channel) throws IOException {
		this.channel = channel;
		this.socket = channel.socket();
		this.input = this.socket.getInputStream();
		this.sender = new HandleSender(channel.getFileDescriptor());
		this.plainOutput = new FileOutputStream(channel.getFileDescriptor());
		this.plainInput = new FileInputStream(channel.getFileDescriptor());
	}

	/**
	 * Open two connected sockets, socketpair(2).
	 * @return both ends, owned by the caller
	 * @throws IOException if the process has no descriptors left
	 */
	public static Pair openPair() throws IOException {
		List<AFUNIXSocketChannel> pair = UnixSocketPair.open();
		Closeable first = pair.get(0);
		try {
			HandleSocket opened = new HandleSocket(pair.get(0));
			first = opened;
			return new Pair(opened, new HandleSocket(pair.get(1)));
		}
		catch (IOException ex) {
			first.close();
			pair.get(1).close();
			throw ex;
		}
	}

	/**
	 * Whether this process's standard input is a certain socket. Works without the native
	 * library where the system tells what a descriptor refers to. Where it does not, any
	 * Unix-domain socket is taken for that socket, and without the library, anything.
	 * @param inode the number that identifies the socket on this machine, which every
	 * copy of its descriptor has, or {@code null} if it is not known
	 * @return {@code false} if standard input is another socket or no socket, or was
	 * taken over already
	 */
	public static boolean isStandardInput(@Nullable String inode) {
		String target = Descriptors.target(0);
		if (target != null && (inode != null || !target.startsWith("socket:["))) {
			return inode != null && inode.equals(inode(target));
		}
		return !Platform.isLibraryLoaded() || isUnixSocketStandardInput();
	}

	private static boolean isUnixSocketStandardInput() {
		try {
			return FileDescriptorCast.using(FileDescriptor.in).isAvailable(AFUNIXSocketChannel.class);
		}
		catch (IOException ex) {
			return false;
		}
	}

	private static @Nullable String inode(@Nullable String target) {
		return (target != null && target.startsWith("socket:["))
				? target.substring("socket:[".length(), target.length() - 1) : null;
	}

	/**
	 * Take over the socket that is this process's standard input. The descriptor moves to
	 * another number; number 0 becomes {@code /dev/null} and {@link System#in} is empty.
	 * @return the socket, owned by the caller
	 * @throws IOException if standard input is not a socket
	 */
	public static HandleSocket takeStandardInput() throws IOException {
		FileDescriptorCast cast = FileDescriptorCast.using(FileDescriptor.in);
		if (!cast.isAvailable(AFUNIXSocketChannel.class)) {
			throw new IOException("Standard input is not a Unix-domain socket");
		}
		FileDescriptor moved = Descriptors.duplicate(FileDescriptor.in);
		// for numbers 0 to 2 the JDK's close(2) is a dup2(2) of /dev/null
		new FileInputStream(FileDescriptor.in).close();
		System.setIn(InputStream.nullInputStream());
		return new HandleSocket(FileDescriptorCast.using(moved).as(AFUNIXSocketChannel.class));
	}

	/**
	 * Adopt a socket that has arrived from another process.
	 * @param handle a Unix-domain socket; used up
	 * @return the socket, owned by the caller
	 * @throws IOException if the handle is closed
	 */
	public static HandleSocket of(Handle handle) throws IOException {
		if (handle.kind() != HandleKind.UNIX_SOCKET) {
			throw new InvalidHandleException("A %s is no Unix-domain socket".formatted(handle.kind()));
		}
		try (handle) {
			FileDescriptor own = handle.duplicate();
			try {
				return new HandleSocket(FileDescriptorCast.using(own).as(AFUNIXSocketChannel.class));
			}
			catch (IOException ex) {
				Descriptors.close(own);
				throw ex;
			}
		}
	}

	/**
	 * Give this socket, which must not have been used, away.
	 * @return a handle with the descriptor, owned by the caller; this socket is closed
	 * @throws IOException if the socket is closed
	 */
	public Handle giveAway() throws IOException {
		Handle handle = new Handle(HandleKind.UNIX_SOCKET, Descriptors.duplicate(this.channel.getFileDescriptor()));
		release();
		return handle;
	}

	/**
	 * Return this socket as the standard input of a process to be started.
	 * @return a redirection that refers to this socket's descriptor
	 * @throws IOException if the socket is closed
	 */
	public Redirect asRedirect() throws IOException {
		return FileDescriptorCast.using(this.channel.getFileDescriptor()).as(Redirect.class);
	}

	/**
	 * Return the number that identifies this socket on this machine.
	 * @return the inode, or {@code null} if the system does not tell
	 * @throws IOException if the socket is closed
	 */
	public @Nullable String inode() throws IOException {
		return inode(Descriptors.target(Descriptors.number(this.channel.getFileDescriptor())));
	}

	/**
	 * Set whether descriptors that the other side sends are received. By default they are
	 * not, and the kernel closes them.
	 * @param accept whether to receive descriptors from now on
	 */
	public void acceptHandles(boolean accept) {
		this.channel.setAncillaryReceiveBufferSize(accept ? ANCILLARY_BUFFER_SIZE : 0);
		this.acceptsHandles = accept;
	}

	/**
	 * Allow {@link #awaitReadable} and {@link #hasRoomFor}. Must be called before any
	 * thread reads or writes.
	 * @throws IOException if the process has no descriptors left
	 */
	public void allowPolling() throws IOException {
		SocketPoller created = new SocketPoller(this.channel);
		this.poller = created;
		this.sendBuffer = new SendBuffer(created, this.socket.getSendBufferSize());
	}

	/**
	 * Wait until there is something to read, the connection has ended, the time is over,
	 * or the thread is interrupted. For one thread at a time, while no thread reads.
	 * @param millis how long to wait, at least 1
	 * @return whether a read would return at once
	 * @throws IOException if the socket is closed
	 */
	public boolean awaitReadable(long millis) throws IOException {
		return requireAllowed(this.poller).awaitReadable(millis);
	}

	/**
	 * Return whether the kernel takes so many bytes at once, so that writing them does
	 * not block, whatever the other side does or claims. For the platform thread that
	 * writes next, while no other thread writes.
	 * @param bytes the number of bytes
	 * @return {@code false} if the write could block
	 */
	public boolean hasRoomFor(int bytes) {
		return requireAllowed(this.sendBuffer).hasRoomFor(bytes);
	}

	/**
	 * Return how many of the last writes the other side has certainly not read, if all of
	 * them had the same size and the kernel has little room left.
	 * @param bytes the number of bytes of each write
	 * @return the number of writes; 0 if nothing is certain
	 */
	public int unread(int bytes) {
		return requireAllowed(this.sendBuffer).unread(bytes);
	}

	private static <T> T requireAllowed(@Nullable T polling) {
		if (polling == null) {
			throw new IllegalStateException("allowPolling was not called");
		}
		return polling;
	}

	/**
	 * Return how many bytes can be read without waiting.
	 * @return the number of bytes; 0 also at the end
	 * @throws IOException if the socket is closed
	 */
	public int available() throws IOException {
		return this.input.available();
	}

	/**
	 * Read the bytes that are there, or wait for some.
	 * @param buffer where to put the bytes
	 * @param offset the index of the first byte
	 * @param length how many bytes at most
	 * @return the number of bytes, or -1 at the end
	 * @throws IOException if the connection is broken
	 */
	public int read(byte[] buffer, int offset, int length) throws IOException {
		if (!this.acceptsHandles) {
			return this.plainInput.read(buffer, offset, length);
		}
		int count = this.input.read(buffer, offset, length);
		for (FileDescriptor attached : this.channel.getReceivedFileDescriptors()) {
			this.received.add(attached);
		}
		return count;
	}

	/**
	 * Return the oldest descriptor that was received with the bytes read so far.
	 * @param kind the kind, as its sender declares it
	 * @return the handle, owned by the caller, or {@code null} if there is none of that
	 * kind
	 * @throws IOException if the descriptor cannot be examined
	 */
	public @Nullable Handle pollReceived(HandleKind kind) throws IOException {
		return this.received.poll(kind, false);
	}

	/**
	 * Return the oldest descriptor that was received with the bytes read so far, without
	 * checking its kind. For trusted senders, as the parent is for a worker: this saves
	 * some system calls.
	 * @param kind the kind, as its sender declares it
	 * @return the handle, owned by the caller, or {@code null} if there is none
	 * @throws IOException never in practice
	 */
	public @Nullable Handle pollTrusted(HandleKind kind) throws IOException {
		return this.received.poll(kind, true);
	}

	/**
	 * Return how many received descriptors were not polled yet.
	 * @return how often {@link #pollReceived} would return one
	 */
	public int received() {
		return this.received.size();
	}

	/**
	 * Write all bytes, waiting for space as long as necessary.
	 * @param bytes the buffer
	 * @param offset the index of the first byte
	 * @param length the number of bytes
	 * @throws IOException if the connection is broken
	 */
	public void write(byte[] bytes, int offset, int length) throws IOException {
		charge(length);
		this.plainOutput.write(bytes, offset, length);
	}

	/**
	 * Write all bytes and attach a descriptor to the first of them. The handle stays
	 * open.
	 * @param bytes the buffer
	 * @param offset the index of the first byte
	 * @param length the number of bytes, at least 1
	 * @param handle the handle to send a duplicate of
	 * @throws IOException if the connection is broken or the handle is closed; in the
	 * latter case nothing was written
	 */
	public void write(byte[] bytes, int offset, int length, Handle handle) throws IOException {
		FileDescriptor duplicate = handle.duplicate();
		try {
			// between two writes, junixsocket would give up if the thread was interrupted
			int first = Math.min(length, UNDIVIDED);
			charge(first);
			this.sender.write(bytes, offset, first, duplicate);
			write(bytes, offset + first, length - first);
		}
		finally {
			Descriptors.close(duplicate);
		}
	}

	private void charge(int bytes) {
		SendBuffer buffer = this.sendBuffer;
		if (buffer != null && bytes > 0) {
			buffer.written(bytes);
		}
	}

	/**
	 * Whether handles can still be sent.
	 * @return {@code false} once sending has failed for a reason other than the handle
	 */
	public boolean canSendHandles() {
		return this.sender.isOpen();
	}

	/**
	 * End the connection in both directions, so that readers and writers on both sides
	 * return. The descriptor stays allocated until {@link #close()}.
	 */
	public void shutdown() {
		try {
			// not the socket's methods: JDK 25 makes them fail if it thinks it is not
			// connected
			this.channel.shutdownInput();
			this.channel.shutdownOutput();
		}
		catch (IOException ex) {
			// it is closed already
		}
	}

	/**
	 * Give up this process's copy of the descriptor without ending the connection. No
	 * thread may be reading or writing.
	 * @throws IOException never in practice
	 */
	public void release() throws IOException {
		// close() of junixsocket calls shutdown(2) as long as there is a descriptor
		Descriptors.close(this.channel.getFileDescriptor());
		close();
	}

	/**
	 * End the connection, and give up its descriptor and those that were received and not
	 * polled. Threads that may be reading or writing must be made to return with
	 * {@link #shutdown()} first.
	 */
	@Override
	public void close() throws IOException {
		this.received.close();
		if (this.poller != null) {
			this.poller.close();
		}
		this.sender.close();
		FileDescriptor descriptor = this.channel.getFileDescriptor();
		this.channel.close();
		// junixsocket leaves a descriptor open that it did not open itself
		Descriptors.close(descriptor);
	}

	/**
	 * Both ends of a connection.
	 *
	 * @param first one end
	 * @param second the other end
	 */
	public record Pair(HandleSocket first, HandleSocket second) {

	}

}
