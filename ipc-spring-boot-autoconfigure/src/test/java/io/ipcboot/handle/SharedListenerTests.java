package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.newsclub.net.unix.AFServerSocketChannel;
import org.newsclub.net.unix.FileDescriptorCast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Several processes accept on one listener, and none can stop another.
 */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
class SharedListenerTests {

	@Test
	void theSenderAcceptsAfterTheReceiverClosedItsCopy() throws IOException {
		try (ServerSocketChannel sender = listen()) {
			ServerSocket receiver = Transfer.send(Handle.take(sender)).as(ServerSocket.class);
			assertAccepts(receiver, sender.getLocalAddress());
			receiver.close();
			assertAccepts(sender.socket(), sender.getLocalAddress());
		}
	}

	@Test
	void anInterruptStopsNobody() throws IOException {
		try (ServerSocketChannel sender = listen()) {
			ServerSocket receiver = Transfer.send(Handle.take(sender)).as(ServerSocket.class);
			TestClient client = TestClient.connect(sender.getLocalAddress());
			if (!JdkChannels.areOpen()) {
				// the JDK's own channel would be closed
				Thread.currentThread().interrupt();
			}
			receiver.accept().close();
			client.close();
			assertThat(Thread.interrupted()).isEqualTo(!JdkChannels.areOpen());
			assertAccepts(sender.socket(), sender.getLocalAddress());
			receiver.close();
		}
	}

	@Test
	void anInterruptedAcceptorGoesOn() throws Exception {
		try (ServerSocketChannel listener = listen(); Handle handle = Handle.share(listener)) {
			HandleAcceptor acceptor = HandleAcceptor.on(handle);
			FutureTask<HandleAcceptor.Accepted> accepting = new FutureTask<>(acceptor::accept);
			Thread thread = new Thread(accepting);
			thread.start();
			for (int i = 0; i < 100; i++) {
				thread.interrupt();
			}
			TestClient client = TestClient.connect(listener.getLocalAddress());
			accepting.get().handle().close();
			client.close();
			acceptor.close();
			assertThat(acceptor.accept()).isNull();
			assertAccepts(listener.socket(), listener.getLocalAddress());
		}
	}

	@Test
	@SuppressWarnings("try")
	void theReceiverAcceptsAfterTheSenderClosedItsCopy() throws IOException {
		try (ServerSocketChannel sender = listen()) {
			SocketAddress address = sender.getLocalAddress();
			ServerSocket receiver = Transfer.send(Handle.take(sender)).as(ServerSocket.class);
			sender.close();
			assertAccepts(receiver, address);
			receiver.close();
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> TestClient.connect(address));
		}
	}

	@Test
	@SuppressWarnings("try")
	void theReceiverAcceptsAfterAPlainServerSocketWasClosed() throws IOException {
		try (ServerSocket sender = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				ServerSocket receiver = Transfer.send(Handle.take(sender)).as(ServerSocket.class)) {
			sender.close();
			assertAccepts(receiver, receiver.getLocalSocketAddress());
		}
	}

	@Test
	void theSenderAcceptsAfterAnUnusedHandleWasClosed() throws IOException {
		try (ServerSocketChannel sender = listen()) {
			Transfer.send(Handle.take(sender)).close();
			assertAccepts(sender.socket(), sender.getLocalAddress());
		}
	}

	@Test
	void theSenderAcceptsAfterTheReceiverWasKilled() throws IOException {
		try (ServerSocketChannel sender = listen(); WorkerJvm worker = WorkerJvm.start(WorkerJvm.OPENED)) {
			worker.send(Handle.take(sender));
			worker.send(Handle.take(sender));
			try (TestClient client = TestClient.connect(sender.getLocalAddress())) {
				client.writeLine("hello");
				assertThat(worker.reply()).isEqualTo("hello");
			}
			worker.kill();
			assertAccepts(sender.socket(), sender.getLocalAddress());
		}
	}

	@Test
	void closingWakesTheThreadThatAcceptsAndOnlyThat() throws Exception {
		try (ServerSocketChannel sender = listen()) {
			ServerSocket receiver = Transfer.send(Handle.take(sender)).as(ServerSocket.class);
			Acceptor closed = Acceptor.of(receiver);
			Acceptor open = Acceptor.of(sender.socket());
			receiver.close();
			assertThat(closed.outcome()).isInstanceOf(IOException.class);
			assertServed(open, sender.getLocalAddress());
		}
	}

	@Test
	void aBlockedAcceptSurvivesThatTheListenerBecomesNonBlocking() throws Exception {
		try (ServerSocketChannel sender = listen()) {
			Acceptor acceptor = Acceptor.of(sender.socket());
			try (Closeable receiver = makeNonBlocking(Transfer.send(Handle.take(sender)))) {
				assertThat(receiver).isNotNull();
				assertServed(acceptor, sender.getLocalAddress());
			}
		}
	}

	@Test
	void acceptBlocksThoughTheListenerIsNonBlocking() throws Exception {
		try (ServerSocketChannel sender = listen();
				Closeable receiver = makeNonBlocking(Transfer.send(Handle.take(sender)))) {
			assertThat(receiver).isNotNull();
			assertServed(Acceptor.of(sender.socket()), sender.getLocalAddress());
		}
	}

	@Test
	void acceptOfAPlainServerSocketBlocksThoughTheListenerIsNonBlocking() throws Exception {
		try (ServerSocket sender = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
				Closeable receiver = makeNonBlocking(Transfer.send(Handle.take(sender)))) {
			assertThat(receiver).isNotNull();
			assertServed(Acceptor.of(sender), sender.getLocalSocketAddress());
		}
	}

	@Test
	void aNonBlockingListenerIsAdoptedAsBlocking() throws Exception {
		try (ServerSocketChannel sender = listen()) {
			sender.configureBlocking(false);
			try (ServerSocket receiver = Transfer.send(Handle.take(sender)).as(ServerSocket.class)) {
				assertServed(Acceptor.of(receiver), sender.getLocalAddress());
			}
		}
	}

	private static ServerSocketChannel listen() throws IOException {
		return ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	private static Closeable makeNonBlocking(Handle handle) throws IOException {
		FileDescriptor descriptor = handle.as(FileDescriptor.class);
		FileDescriptorCast.using(descriptor).as(AFServerSocketChannel.class).configureBlocking(false);
		return () -> Descriptors.close(descriptor);
	}

	private static void assertAccepts(ServerSocket listener, SocketAddress address) throws IOException {
		try (TestClient client = TestClient.connect(address); Socket accepted = listener.accept()) {
			accepted.getOutputStream().write("hello\n".getBytes());
			assertThat(client.readLine()).isEqualTo("hello");
		}
	}

	private static void assertServed(Acceptor acceptor, SocketAddress address) throws Exception {
		try (TestClient client = TestClient.connect(address); Socket accepted = (Socket) acceptor.outcome()) {
			accepted.getOutputStream().write("hello\n".getBytes());
			assertThat(client.readLine()).isEqualTo("hello");
		}
	}

	/**
	 * A thread that is blocked accepting a connection.
	 */
	private record Acceptor(CompletableFuture<Object> result) {

		static Acceptor of(ServerSocket listener) {
			CompletableFuture<Object> result = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					result.complete(listener.accept());
				}
				catch (IOException ex) {
					result.complete(ex);
				}
			});
			thread.setDaemon(true);
			thread.start();
			Blocked.await(new AtomicReference<>(thread));
			return new Acceptor(result);
		}

		Object outcome() throws Exception {
			return this.result.get();
		}

	}

}
