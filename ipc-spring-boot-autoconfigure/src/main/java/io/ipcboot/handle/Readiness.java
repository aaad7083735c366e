package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;

import org.newsclub.net.unix.AFUNIXSelectorProvider;
import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Waits for a socket to become readable, poll(2). A selector takes a channel only while
 * it believes that the channel does not block. So it gets a channel of its own, on a
 * duplicate of the descriptor; both share one O_NONBLOCK, which is off again before
 * anybody reads or writes. Used by one thread at a time.
 */
final class Readiness implements Closeable {

	private final AFUNIXSocketChannel duplicate;

	private final Selector selector;

	Readiness(AFUNIXSocketChannel channel) throws IOException {
		FileDescriptor descriptor = Descriptors.duplicate(channel.getFileDescriptor());
		this.duplicate = FileDescriptorCast.using(descriptor).as(AFUNIXSocketChannel.class);
		try {
			this.selector = AFUNIXSelectorProvider.getInstance().openSelector();
		}
		catch (IOException ex) {
			Descriptors.close(descriptor);
			throw ex;
		}
		this.duplicate.configureBlocking(false);
		this.duplicate.register(this.selector, SelectionKey.OP_READ);
		channel.configureBlocking(false);
		channel.configureBlocking(true);
	}

	/**
	 * Wait until there is something to read, or the end.
	 * @param millis how long to wait, at least 1
	 * @return whether there is
	 */
	boolean await(long millis) throws IOException {
		boolean ready = this.selector.select(millis) > 0;
		this.selector.selectedKeys().clear();
		return ready;
	}

	@Override
	public void close() throws IOException {
		// close() of junixsocket would call shutdown(2) first
		Descriptors.close(this.duplicate.getFileDescriptor());
		this.duplicate.close();
		this.selector.close();
	}

}
