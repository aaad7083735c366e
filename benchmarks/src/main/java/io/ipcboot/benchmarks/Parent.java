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

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkDefaults;
import io.ipcboot.ForkOptions;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.PoolOptions;
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
			System.out.println("result " + new Load(parent.child).run(Workload.valueOf(words[0]),
					Duration.ofMillis(Long.parseLong(words[1]))));
		}
		template.stop(Duration.ofSeconds(5)).join();
	}

	static ChildProcessTemplate template(PoolOptions... pools) {
		ChannelOptions limits = ChannelOptions.DEFAULT;
		ForkDefaults defaults = new ForkDefaults(null, List.of(), List.of(), Map.of(), limits, Duration.ofSeconds(30),
				Duration.ofSeconds(30), Background.EXECUTOR,
				new PayloadConverter(JsonMapper.builder().build(), limits.maxFrameSize()), new ListenerRegistry());
		ListenerMethods methods = new ListenerMethods(
				new HandlerMethodListeners(new DefaultFormattingConversionService(), null, null, List.of()),
				(name) -> name, (type) -> Set.of(IpcRole.PARENT));
		return new ChildProcessTemplate(IpcRole.PARENT, defaults, methods, (event) -> {
		}, List.of(pools));
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
