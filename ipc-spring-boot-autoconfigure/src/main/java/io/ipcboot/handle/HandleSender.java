package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.io.OutputStream;

import org.newsclub.net.unix.AFUNIXSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * Writes bytes with a descriptor attached. Uses a duplicate of the socket's descriptor:
 * if writing fails, junixsocket closes the descriptor at once, and its number may then
 * stand for another file while other threads still use it.
 */
final class HandleSender implements Closeable {

	private final FileDescriptor own;

	private final AFUNIXSocketChannel channel;

	private final OutputStream output;

	HandleSender(FileDescriptor socket) throws IOException {
		this.own = Descriptors.duplicate(socket);
		this.channel = FileDescriptorCast.using(this.own).as(AFUNIXSocketChannel.class);
		this.output = this.channel.socket().getOutputStream();
	}

	/** Write bytes that are so few that they go out at once or not at all. */
	void write(byte[] bytes, int offset, int length, FileDescriptor attached) throws IOException {
		this.channel.setOutboundFileDescriptors(attached);
		this.output.write(bytes, offset, length);
	}

	/** Whether no write has failed so far. */
	boolean isOpen() {
		return this.own.valid();
	}

	@Override
	public void close() throws IOException {
		// close() of junixsocket calls shutdown(2) as long as there is a descriptor
		Descriptors.close(this.own);
		this.channel.close();
	}

}
