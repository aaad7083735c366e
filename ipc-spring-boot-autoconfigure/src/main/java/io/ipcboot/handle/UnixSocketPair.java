package io.ipcboot.handle;

import java.io.FileDescriptor;
import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.newsclub.net.unix.AFAddressFamily;
import org.newsclub.net.unix.AFSelectorProvider;
import org.newsclub.net.unix.AFSocket;
import org.newsclub.net.unix.AFSocketPair;
import org.newsclub.net.unix.AFSocketType;
import org.newsclub.net.unix.AFSomeSocket;
import org.newsclub.net.unix.AFUNIXDatagramChannel;
import org.newsclub.net.unix.AFUNIXProtocolFamily;
import org.newsclub.net.unix.AFUNIXServerSocketChannel;
import org.newsclub.net.unix.AFUNIXSocket;
import org.newsclub.net.unix.AFUNIXSocketAddress;
import org.newsclub.net.unix.AFUNIXSocketChannel;

/**
 * Opens connected Unix-domain sockets, socketpair(2). junixsocket creates two sockets,
 * overwrites their descriptors with those of the pair, and never closes the overwritten
 * descriptors. This provider remembers and closes them.
 */
final class UnixSocketPair extends AFSelectorProvider<AFUNIXSocketAddress> {

	private final List<AFUNIXSocketChannel> channels = new ArrayList<>(2);

	private final List<Overwritten> overwritten = new ArrayList<>(2);

	private UnixSocketPair() {
	}

	static List<AFUNIXSocketChannel> open() throws IOException {
		UnixSocketPair pair = new UnixSocketPair();
		try {
			pair.openSocketChannelPair();
		}
		catch (IOException ex) {
			for (AFUNIXSocketChannel channel : pair.channels) {
				channel.close();
			}
			throw ex;
		}
		for (Overwritten descriptor : pair.overwritten) {
			descriptor.close();
		}
		return pair.channels;
	}

	@Override
	public AFUNIXSocketChannel openSocketChannel() throws IOException {
		AFUNIXSocketChannel channel = AFUNIXSocketChannel.open();
		this.channels.add(channel);
		// reading any option makes junixsocket create the socket
		channel.socket().getSoTimeout();
		this.overwritten.add(Overwritten.of(Descriptors.number(channel.getFileDescriptor())));
		return channel;
	}

	@Override
	protected <Y extends AFSomeSocket> AFSocketPair<Y> newSocketPair(Y first, Y second) {
		return new AFSocketPair<>(first, second) {
		};
	}

	@Override
	protected AFAddressFamily<AFUNIXSocketAddress> addressFamily() {
		return AFUNIXSocketAddress.addressFamily();
	}

	@Override
	protected ProtocolFamily protocolFamily() {
		return AFUNIXProtocolFamily.UNIX;
	}

	@Override
	protected AFSocket<AFUNIXSocketAddress> newSocket() throws IOException {
		return AFUNIXSocket.newInstance();
	}

	@Override
	public AFUNIXSocketChannel openSocketChannel(SocketAddress remote) {
		throw new UnsupportedOperationException();
	}

	@Override
	public AFUNIXDatagramChannel openDatagramChannel() {
		throw new UnsupportedOperationException();
	}

	@Override
	public AFUNIXDatagramChannel openDatagramChannel(AFSocketType type) {
		throw new UnsupportedOperationException();
	}

	@Override
	public AFUNIXServerSocketChannel openServerSocketChannel() {
		throw new UnsupportedOperationException();
	}

	@Override
	public AFUNIXServerSocketChannel openServerSocketChannel(SocketAddress local) {
		throw new UnsupportedOperationException();
	}

	private record Overwritten(int number, FileDescriptor descriptor, @Nullable String target) {

		static Overwritten of(int number) throws IOException {
			return new Overwritten(number, Descriptors.ofNumber(number), Descriptors.target(number));
		}

		/**
		 * Close the descriptor, unless a version of junixsocket has done so itself and
		 * the number stands for another file by now.
		 */
		void close() throws IOException {
			if (this.target != null && this.target.equals(Descriptors.target(this.number))) {
				Descriptors.close(this.descriptor);
			}
		}

	}

}
