package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetSocketAddress;

import org.jspecify.annotations.Nullable;

/**
 * A descriptor of the operating system on its way from one process to another: a
 * duplicate of its own on the sending side, a descriptor that nobody has adopted yet on
 * the receiving side. Closing it calls close(2) and nothing else, so a connection lives
 * on in every process that has another copy.
 * <p>
 * Safe for use by several threads. Whoever holds a handle must either adopt it with
 * {@link #as(Class)} or close it.
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
	 * Take the given object over: it is closed, its connection or file stays open in the
	 * returned handle. Listeners and datagram sockets are {@linkplain #share shared}
	 * instead, as several processes can use them at once.
	 * <p>
	 * What the object has already read or buffered stays with the object, so no thread
	 * should be reading from it any more. One that does gets an exception, except from a
	 * socket of junixsocket, where it goes on waiting.
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
			GivenAway.add(source.object());
		}
		return new Handle(source.kind(), duplicate);
	}

	/**
	 * Duplicate a listener that this process has inherited from the one that started it,
	 * as a service manager does.
	 * @param number the number of the descriptor
	 * @return a new handle, owned by the caller
	 * @throws IOException if there is no such descriptor
	 */
	public static Handle ofInheritedListener(int number) throws IOException {
		return new Handle(HandleKind.TCP_LISTENER, Descriptors.duplicate(Descriptors.ofNumber(number)));
	}

	/**
	 * Return the address that a listener is bound to.
	 * @return the address
	 * @throws IOException if the handle is closed, or no TCP listener
	 */
	public synchronized InetSocketAddress listenerAddress() throws IOException {
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
	 * Make a listener non-blocking, for all processes that have it. Does nothing if the
	 * handle is closed.
	 */
	public synchronized void makeNonBlocking() {
		try {
			HandleAcceptor.on(this).release();
		}
		catch (IOException ex) {
			// it is closed, or there is no descriptor left: then it stays as it is
		}
	}

	/**
	 * Whether the file, pipe or socket is non-blocking, for all processes that have it;
	 * {@code O_NONBLOCK} of open(2).
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
		return HandleForms.isHandleType(type);
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
		T adopted = HandleForms.adopt(this.kind, requireOpen(), type);
		this.descriptor = null;
		return adopted;
	}

	/**
	 * Whether the handle still holds its descriptor.
	 * @return {@code false} once it was closed or adopted
	 */
	public synchronized boolean isOpen() {
		return this.descriptor != null;
	}

	/**
	 * Duplicate the descriptor. Whoever uses the descriptor outside this object's lock
	 * needs one of his own, since a number that is closed meanwhile may already stand for
	 * something else.
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
			try {
				Descriptors.close(last);
			}
			catch (IOException ex) {
				// close(2) has released the number whatever it reports
			}
		}
	}

	@Override
	public String toString() {
		return this.kind + (isOpen() ? "" : " (closed)");
	}

}
