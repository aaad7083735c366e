package io.ipcboot.channel;

import java.io.Closeable;
import java.io.IOException;

import io.ipcboot.handle.Handle;
import io.ipcboot.handle.HandleSocket;

/**
 * A channel whose other end is a bare socket in the hands of the test.
 */
final class RawPeer implements Closeable {

	static final PeerId ID = new PeerId("raw", 7, 4711);

	final Receiver receiver = new Receiver();

	final HandleSocket socket;

	final IpcChannel channel;

	RawPeer(ChannelOptions options) throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		this.socket = pair.second();
		this.channel = new IpcChannel(ID, pair.first(), options, this.receiver);
		this.channel.acceptHandles();
		this.channel.start();
	}

	RawPeer() throws IOException {
		this(ChannelOptions.DEFAULT);
	}

	void write(byte[]... frames) throws IOException {
		for (byte[] frame : frames) {
			this.socket.write(frame, 0, frame.length);
		}
	}

	void write(byte[] frame, Handle handle) throws IOException {
		this.socket.write(frame, 0, frame.length, handle);
	}

	/** Write what the other end may refuse to read. */
	void tryWrite(byte[] frame) {
		try {
			write(frame);
		}
		catch (IOException ex) {
			// it has closed the connection
		}
	}

	void tryWrite(byte[] frame, Handle handle) {
		try {
			write(frame, handle);
		}
		catch (IOException ex) {
			// it has closed the connection
		}
	}

	ChannelClosedException awaitClosed() {
		return this.receiver.closed.join();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
		awaitClosed();
		this.socket.close();
	}

}
