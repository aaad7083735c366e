package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Tells whether a socket is readable or writable, poll(2). A selector accepts only a
 * channel that is in non-blocking mode, so it gets a second channel, on a duplicate of
 * the descriptor. Both channels share one O_NONBLOCK, which is off again before any
 * thread reads or writes. One thread at a time asks for reading, and one for writing.
 */
final class SocketPoller implements Closeable {

	private final AFUNIXSocketChannel duplicate;

	private final Selector reads;

	/** Opened when it is needed, as few sockets are ever full. */
	private @Nullable Selector writes;

	SocketPoller(AFUNIXSocketChannel channel) throws IOException {
		FileDescriptor descriptor = Descriptors.duplicate(channel.getFileDescriptor());
		this.duplicate = FileDescriptorCast.using(descriptor).as(AFUNIXSocketChannel.class);
		try {
			this.reads = AFUNIXSelectorProvider.getInstance().openSelector();
		}
		catch (IOException ex) {
			Descriptors.close(descriptor);
			throw ex;
		}
		this.duplicate.configureBlocking(false);
		this.duplicate.register(this.reads, SelectionKey.OP_READ);
		channel.configureBlocking(false);
		channel.configureBlocking(true);
	}

	/**
	 * Wait until there is something to read, or the connection has ended.
	 * @param millis how long to wait, at least 1
	 * @return whether a read would return at once
	 */
	boolean awaitReadable(long millis) throws IOException {
		boolean ready = this.reads.select(millis) > 0;
		this.reads.selectedKeys().clear();
		return ready;
	}

	/**
	 * Return whether the send buffer is at most a quarter full, as the kernel has it
	 * (unix_writable in net/unix/af_unix.c), or the connection has ended.
	 */
	boolean isWritable() throws IOException {
		Selector selector = this.writes;
		if (selector == null) {
			selector = AFUNIXSelectorProvider.getInstance().openSelector();
			this.writes = selector;
			this.duplicate.register(selector, SelectionKey.OP_WRITE);
		}
		boolean ready = selector.selectNow() > 0;
		selector.selectedKeys().clear();
		return ready;
	}

	@Override
	public void close() throws IOException {
		// close() of junixsocket would call shutdown(2) first
		Descriptors.close(this.duplicate.getFileDescriptor());
		this.duplicate.close();
		this.reads.close();
		if (this.writes != null) {
			this.writes.close();
		}
	}

}
