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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkDefaults;
import io.ipcboot.ForkOptions;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.HandlerMethodListeners;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.format.support.DefaultFormattingConversionService;

/**
 * The parent that is measured. Reads a workload from standard input, runs it for a while
 * and prints how many there were in a second, again and again. Speaks the same lines as
 * {@code parent.js}.
 */
public final class Parent {

	private static final int IN_FLIGHT = 64;

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
		ChildProcessTemplate template = template();
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
			System.out.println(
					"result " + parent.run(Workload.valueOf(words[0]), Duration.ofMillis(Long.parseLong(words[1]))));
		}
		template.stop(Duration.ofSeconds(5)).join();
	}

	private static ChildProcessTemplate template() {
		ChannelOptions limits = ChannelOptions.DEFAULT;
		ForkDefaults defaults = new ForkDefaults(null, List.of(), List.of(), Map.of(), limits, Duration.ofSeconds(30),
				Duration.ofSeconds(30), Background.EXECUTOR,
				new PayloadConverter(JsonMapper.builder().build(), limits.maxFrameSize()), new ListenerRegistry());
		ListenerMethods methods = new ListenerMethods(
				new HandlerMethodListeners(new DefaultFormattingConversionService(), null, null, List.of()),
				(name) -> name, (type) -> Set.of(IpcRole.PARENT));
		return new ChildProcessTemplate(IpcRole.PARENT, defaults, methods, (event) -> {
		}, List.of());
	}

	private long run(Workload workload, Duration duration) throws Exception {
		long end = System.nanoTime() + duration.toNanos();
		long start = System.nanoTime();
		long count = switch (workload) {
			case CALL_ONE -> callOneAtATime(end);
			case CALL_64 -> callInFlight(end);
			case MESSAGES_100B -> send("message", new Message(1, Message.TEXT), 50, end);
			case MESSAGES_64K -> send("text", "x".repeat(64 * 1024), 1, end);
			case SOCKETS -> throw new IllegalArgumentException("measured by the clients");
		};
		return count * 1_000_000_000L / (System.nanoTime() - start);
	}

	private long callOneAtATime(long end) {
		int count = 0;
		while (System.nanoTime() < end) {
			this.child.call("echo", new Message(count++, Message.TEXT), Message.class);
		}
		return count;
	}

	private long callInFlight(long end) throws InterruptedException {
		Semaphore free = new Semaphore(IN_FLIGHT);
		int count = 0;
		while (System.nanoTime() < end) {
			free.acquire();
			this.child.callAsync("echo", new Message(count++, Message.TEXT), Message.class)
				.whenComplete((reply, ex) -> free.release());
		}
		free.acquire(IN_FLIGHT);
		return count;
	}

	private long send(String destination, Object payload, int batch, long end) {
		int before = this.child.call("received", null, Integer.class);
		while (System.nanoTime() < end) {
			for (int i = 0; i < batch; i++) {
				this.child.send(destination, payload);
			}
		}
		return this.child.call("received", null, Integer.class) - before;
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
