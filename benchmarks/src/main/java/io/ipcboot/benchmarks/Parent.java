package io.ipcboot.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;

/**
 * The parent that is measured. Reads a workload from standard input, runs it for a while
 * and prints how many there were in a second, again and again. Speaks the same lines as
 * {@code parent.js}.
 */
public final class Parent {

	private final ChildProcess child;

	private Parent(ChildProcess child) {
		this.child = child;
	}

	/**
	 * Started by {@link SideBySide}.
	 * @param args none
	 * @throws Exception if anything fails
	 */
	public static void main(String[] args) throws Exception {
		ChildProcessTemplate template = Templates.create();
		Parent parent = new Parent(template.fork(ForkOptions.mainClass(Child.class)));
		ServerSocketChannel listener = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
		Thread acceptor = new Thread(() -> parent.acceptAndHandOver(listener), "acceptor");
		acceptor.setDaemon(true);
		acceptor.start();
		System.out.println("port " + ((InetSocketAddress) listener.getLocalAddress()).getPort());
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
		for (String line; (line = commands.readLine()) != null;) {
			String[] words = line.split(" ");
			System.out.println("result " + new Load(parent.child).run(Workload.valueOf(words[0]),
					Duration.ofMillis(Long.parseLong(words[1]))));
		}
		template.stop(Duration.ofSeconds(5)).join();
	}

	private void acceptAndHandOver(ServerSocketChannel listener) {
		try {
			while (true) {
				SocketChannel connection = listener.accept();
				this.child.destination("socket").handle(connection).send();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
