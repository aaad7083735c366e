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

	/** Any size switches reception on; junixsocket then uses 256 bytes. */
	private static final int ANCILLARY_BUFFER_SIZE = 256;

	private static final int UNDIVIDED = 1024;

	private final AFUNIXSocketChannel channel;

	private final HandleSender sender;

	private final AFSocket<?> socket;

	private final InputStream input;

	/** For bytes alone: cares for no interrupt, and may be used by virtual threads. */
	private final FileOutputStream plainOutput;

	/** For bytes alone: the kernel closes what comes with them. */
	private final FileInputStream plainInput;

	private final ReceivedDescriptors received = new ReceivedDescriptors();

	private volatile boolean acceptsHandles;

	private @Nullable Readiness readiness;

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
	 * Whether this process's standard input is a socket that {@link #takeStandardInput()}
	 * can take over.
	 * @return {@code false} if it is something else, or was taken over already
	 */
	public static boolean isStandardInput() {
		try {
			return FileDescriptorCast.using(FileDescriptor.in).isAvailable(AFUNIXSocketChannel.class);
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return the number that identifies the socket that is this process's standard input
	 * on this machine. Every copy of its descriptor has the same one.
	 * @return the inode, or {@code null} if it is no socket or the system does not say
	 */
	public static @Nullable String standardInputInode() {
		return inode(Descriptors.target(0));
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
	 * Give this socket away. It must not have been used.
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
	 * @return the inode, or {@code null} if the system does not say
	 * @throws IOException if the socket is closed
	 */
	public @Nullable String inode() throws IOException {
		return inode(Descriptors.target(Descriptors.number(this.channel.getFileDescriptor())));
	}

	/**
	 * Whether descriptors that the other side sends are received. By default they are
	 * not, and the kernel closes them.
	 * @param accept whether to receive descriptors from now on
	 */
	public void acceptHandles(boolean accept) {
		this.channel.setAncillaryReceiveBufferSize(accept ? ANCILLARY_BUFFER_SIZE : 0);
		this.acceptsHandles = accept;
	}

	/**
	 * Return the size of the kernel's send buffer, in bytes of kernel memory.
	 * @return SO_SNDBUF
	 * @throws IOException if the socket is closed
	 */
	public int sendBufferSize() throws IOException {
		return this.socket.getSendBufferSize();
	}

	/**
	 * Allow {@link #awaitReadable}. To be called before anybody reads or writes.
	 * @throws IOException if the process has no descriptors left
	 */
	public void allowTimedWaits() throws IOException {
		this.readiness = new Readiness(this.channel);
	}

	/**
	 * Wait until there is something to read, the connection has ended, the time is over,
	 * or the thread is interrupted. For one thread at a time, while nobody reads.
	 * @param millis how long to wait, at least 1
	 * @return whether a read would not wait
	 * @throws IOException if the socket is closed
	 */
	public boolean awaitReadable(long millis) throws IOException {
		Readiness current = this.readiness;
		if (current == null) {
			throw new IllegalStateException("allowTimedWaits was not called");
		}
		return current.await(millis);
	}

	/**
	 * Return how much can be read without waiting.
	 * @return the number of bytes; 0 also at the end
	 * @throws IOException if the socket is closed
	 */
	public int available() throws IOException {
		return this.input.available();
	}

	/**
	 * Read what is there, or wait for something.
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
	 * @param kind what the sender says it is
	 * @return the handle, owned by the caller, or {@code null} if there is none of that
	 * kind
	 * @throws IOException if the descriptor cannot be examined
	 */
	public @Nullable Handle pollReceived(HandleKind kind) throws IOException {
		return this.received.poll(kind, false);
	}

	/**
	 * The same if the sender is trusted, as its parent is by a worker: that saves some
	 * system calls.
	 * @param kind what the sender says it is
	 * @return the handle, owned by the caller, or {@code null} if there is none
	 * @throws IOException never in practice
	 */
	public @Nullable Handle pollTrusted(HandleKind kind) throws IOException {
		return this.received.poll(kind, true);
	}

	/**
	 * Return how many descriptors were received that nobody has asked for yet.
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
			// between two writes junixsocket would give up if the thread was interrupted
			int first = Math.min(length, UNDIVIDED);
			this.sender.write(bytes, offset, first, duplicate);
			write(bytes, offset + first, length - first);
		}
		finally {
			Descriptors.close(duplicate);
		}
	}

	/**
	 * Whether handles can still be sent.
	 * @return {@code false} once that has failed for another reason than the handle
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
			// not of the socket: where JDK 25 asks for its own idea of being connected
			this.channel.shutdownInput();
			this.channel.shutdownOutput();
		}
		catch (IOException ex) {
			// closed already
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
	 * End the connection and give up the descriptor and the received ones that nobody
	 * asked for. Threads that may be reading or writing must be made to return with
	 * {@link #shutdown()} first.
	 */
	@Override
	public void close() throws IOException {
		this.received.close();
		if (this.readiness != null) {
			this.readiness.close();
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
