package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * A descriptor of the operating system on its way from one process to another: on the
 * sending side a duplicate of the offered object's descriptor, on the receiving side a
 * descriptor that was not adopted yet. Closing a handle calls close(2) only, so a
 * connection lives on in every process that has another copy.
 * <p>
 * The owner of a handle must either adopt it with {@link #as(Class)} or close it; the
 * {@linkplain io.ipcboot.handle package} tells who the owner is. Safe for use by several
 * threads.
 */
public final class Handle implements Closeable {

	private final HandleKind kind;

	private @Nullable FileDescriptor descriptor;

	Handle(HandleKind kind, FileDescriptor descriptor) {
		this.kind = kind;
		this.descriptor = descriptor;
	}

	/**
	 * Duplicate the descriptor of the given object and leave the object as it is. Both
	 * can be used, and both must be closed; this is {@code keepOpen} of Node.js. They
	 * have one blocking mode and one position in a file, and closing a
	 * {@code java.net.Socket} ends the connection for both.
	 * @param offered a socket, channel, file, pipe end or received handle
	 * @return a new handle, owned by the caller
	 * @throws InvalidHandleException if the object cannot be sent
	 * @throws IOException if the process has no descriptors left, or the peer has reset
	 * the connection
	 */
	public static Handle share(Object offered) throws IOException {
		HandleSource source = HandleSource.of(offered);
		return new Handle(source.kind(), source.duplication().duplicate());
	}

	/**
	 * Take the given object over: it is closed, and its connection or file stays open in
	 * the returned handle. Listening sockets and datagram sockets are {@linkplain #share
	 * shared} instead, as several processes can use them at once.
	 * <p>
	 * What the object has already read or buffered stays with the object, so no thread
	 * should be reading from it any more. A thread that does gets an exception, except
	 * with a socket of junixsocket, where it goes on waiting.
	 * <p>
	 * A channel that is registered with a selector keeps its descriptor until that
	 * selector selects again; wake it up if it may block for long, since the peer sees
	 * the end of the connection only when the last copy is closed.
	 * @param offered a socket, channel, file, pipe end or received handle
	 * @return a new handle, owned by the caller
	 * @throws InvalidHandleException if the object cannot be sent; it is then untouched
	 * @throws IOException if the process has no descriptors left, or the peer has reset
	 * the connection
	 */
	public static Handle take(Object offered) throws IOException {
		HandleSource source = HandleSource.of(offered);
		FileDescriptor duplicate = source.duplication().duplicate();
		try {
			source.release().release(duplicate);
		}
		catch (IOException | RuntimeException ex) {
			Descriptors.close(duplicate);
			throw ex;
		}
		if (!source.kind().isShared()) {
			HandedOverObjects.add(source.object());
		}
		return new Handle(source.kind(), duplicate);
	}

	/**
	 * Duplicate a listening socket that this process has inherited from its parent
	 * process, which may be a service manager.
	 * @param number the number of the descriptor
	 * @return a new handle, owned by the caller
	 * @throws IOException if there is no such descriptor
	 */
	public static Handle ofInheritedSocket(int number) throws IOException {
		return new Handle(HandleKind.TCP_LISTENER, Descriptors.duplicate(Descriptors.ofNumber(number)));
	}

	/**
	 * Return the address that an internet socket is bound to.
	 * @return the address
	 * @throws IOException if the handle is closed, or is no internet socket
	 */
	public synchronized InetSocketAddress localAddress() throws IOException {
		InetSocketAddress address = SocketName.local(requireOpen());
		if (address == null) {
			throw new IOException("The " + this.kind + " is no internet socket");
		}
		return address;
	}

	/** The address of the other side, or {@code null} if there is none. */
	synchronized @Nullable InetSocketAddress remoteAddress() {
		return (this.descriptor != null) ? SocketName.remote(this.descriptor) : null;
	}

	/**
	 * Make a listening socket non-blocking, for all processes that have it. Does nothing
	 * if the handle is closed.
	 */
	public synchronized void makeNonBlocking() {
		try {
			HandleAcceptor.on(this).release();
		}
		catch (IOException ex) {
			// the handle is closed, or this process has no descriptor left
		}
	}

	/**
	 * Whether the file, pipe or socket is non-blocking, which is the same for all
	 * processes that have it; {@code O_NONBLOCK} of open(2).
	 * @return {@code true} if reading, writing or accepting does not wait
	 * @throws IOException if the handle is closed
	 */
	public synchronized boolean isNonBlocking() throws IOException {
		return Descriptors.isNonBlocking(requireOpen());
	}

	/**
	 * Whether parameters of the given type ask for a handle.
	 * @param type the type of a listener's parameter
	 * @return {@code true} if some kind of handle can become that type
	 */
	public static boolean isHandleType(Class<?> type) {
		return HandleTypes.isHandleType(type);
	}

	/**
	 * Return what kind of descriptor this is.
	 * @return the kind, as its sender declared it
	 */
	public HandleKind kind() {
		return this.kind;
	}

	/**
	 * Adopt the descriptor as an object of the given type, for example
	 * {@code SocketChannel}, {@code Socket}, {@code ServerSocketChannel},
	 * {@code DatagramChannel}, {@code FileChannel} or {@code InputStream}. The channels
	 * are the JDK's own and work with {@link java.nio.channels.Selector#open()}.
	 * @param type the wanted type
	 * @param <T> the wanted type
	 * @return an open object, owned by the caller; this handle is used up
	 * @throws InvalidHandleException if this kind of handle cannot become that type; the
	 * handle is then still open
	 * @throws IOException if the handle is closed, or is still open but cannot be used
	 * because the peer has reset the connection
	 */
	public synchronized <T> T as(Class<T> type) throws IOException {
		if (type == Handle.class) {
			return type.cast(this);
		}
		T adopted = HandleTypes.adopt(this.kind, requireOpen(), type);
		this.descriptor = null;
		return adopted;
	}

	/**
	 * Check that the handle can become an object of the given type, without adopting it.
	 * @param type the wanted type
	 * @throws InvalidHandleException if this kind of handle cannot become that type
	 */
	public void requireType(Class<?> type) {
		if (type != Handle.class) {
			HandleTypes.require(this.kind, type);
		}
	}

	/**
	 * Whether the handle still holds its descriptor.
	 * @return {@code false} once it was closed or adopted
	 */
	public synchronized boolean isOpen() {
		return this.descriptor != null;
	}

	/**
	 * Duplicate the descriptor. Code that uses it outside this object's lock needs a
	 * duplicate: another thread may close the descriptor, and its number may then stand
	 * for another file.
	 */
	synchronized FileDescriptor duplicate() throws IOException {
		return Descriptors.duplicate(requireOpen());
	}

	private FileDescriptor requireOpen() throws IOException {
		if (this.descriptor == null) {
			throw new IOException("This handle has been closed or adopted already");
		}
		return this.descriptor;
	}

	/**
	 * Close this copy of the descriptor. Does nothing if it was closed or adopted before.
	 */
	@Override
	public synchronized void close() {
		FileDescriptor last = this.descriptor;
		this.descriptor = null;
		if (last != null) {
			Descriptors.closeQuietly(() -> Descriptors.close(last));
		}
	}

	@Override
	public String toString() {
		return this.kind + (isOpen() ? "" : " (closed)");
	}

}
