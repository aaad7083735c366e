package io.ipcboot;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A process that works with the handles it gets, and hands some over itself.
 */
public final class HandleChild {

	private final List<Object> held = new CopyOnWriteArrayList<>();

	private HandleChild() {
	}

	public static void main(String[] arguments) throws IOException {
		HandleChild self = new HandleChild();
		ParentProcess parent = ParentProcess.connect();
		parent.listen("connection", SocketChannel.class, HandleChild::serve);
		parent.listen("listener", ServerSocketChannel.class, self::acceptAll);
		parent.listen("datagram", DatagramChannel.class, HandleChild::answerOnce);
		parent.listen("file", FileChannel.class, HandleChild::serve);
		parent.listen("pipe", FileOutputStream.class, HandleChild::writeAndClose);
		parent.listen("hold", SocketChannel.class, self.held::add);
		parent.listen("hold-file", FileChannel.class, self.held::add);
		parent.listen("ignore", String.class, (text) -> {
		});
		parent.answer("run", String.class, (script) -> ShellMain.run(script, Redirect.PIPE));
		parent.answer("held", String.class, (nothing) -> self.held.size());
		parent.answer("connect", Integer.class, (port) -> connectAndHandOver(parent, port));
		parent.listen("kill-yourself", String.class, (nothing) -> killYourself());
		parent.ready();
	}

	private static byte[] greeting() {
		return ("pid " + ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
	}

	private static void serve(ByteChannel channel) {
		try (channel) {
			channel.write(ByteBuffer.wrap(greeting()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void acceptAll(ServerSocketChannel listener) {
		Thread acceptor = new Thread(() -> {
			try {
				while (true) {
					serve(listener.accept());
				}
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
		acceptor.setDaemon(true);
		acceptor.start();
	}

	private static void answerOnce(DatagramChannel socket) {
		try (socket) {
			SocketAddress sender = socket.receive(ByteBuffer.allocate(100));
			socket.send(ByteBuffer.wrap(greeting()), sender);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void writeAndClose(FileOutputStream stream) {
		try (stream) {
			stream.write(greeting());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String connectAndHandOver(ParentProcess parent, int port) {
		try {
			SocketChannel connection = SocketChannel
				.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			try {
				parent.destination("child-connection").message("from the child").handle(connection).send().join();
				return "sent";
			}
			catch (IllegalArgumentException ex) {
				connection.close();
				return ex.getMessage();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** By a signal that nobody can catch. */
	private static void killYourself() {
		try {
			new ProcessBuilder("sh", "-c", "kill -KILL " + ProcessHandle.current().pid()).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
