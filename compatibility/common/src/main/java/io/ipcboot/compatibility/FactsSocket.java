package io.ipcboot.compatibility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.WorkerExitedEvent;
import io.ipcboot.pool.PoolSnapshot.SlotSnapshot;
import io.ipcboot.pool.WorkerState;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.Lifecycle;
import org.springframework.context.event.EventListener;

/**
 * A socket in the file system, so that it is none of the ports that are counted. Whoever
 * connects gets the facts about all processes.
 */
class FactsSocket implements InitializingBean, DisposableBean {

	static final String PROPERTY = "compatibility.facts";

	private static final Log logger = LogFactory.getLog(FactsSocket.class);

	private final ConfigurableApplicationContext context;

	private final ChildProcessTemplate template;

	private final AtomicInteger exits = new AtomicInteger();

	private final ServerSocketChannel socket;

	FactsSocket(ConfigurableApplicationContext context, ChildProcessTemplate template) {
		this.context = context;
		this.template = template;
		try {
			this.socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void afterPropertiesSet() throws IOException {
		if (IpcRole.current() == IpcRole.PARENT) {
			this.socket.bind(UnixDomainSocketAddress.of(this.context.getEnvironment().getRequiredProperty(PROPERTY)));
			Thread thread = new Thread(this::answer, "facts");
			thread.setDaemon(true);
			thread.start();
		}
	}

	@Override
	public void destroy() throws IOException {
		this.socket.close();
	}

	private void answer() {
		try {
			while (true) {
				try (SocketChannel client = this.socket.accept()) {
					answer(client);
				}
			}
		}
		catch (AsynchronousCloseException ex) {
			// the application ends
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** A client that gets no answer asks again. */
	private void answer(SocketChannel client) {
		try {
			JsonMapper.shared().writeValue(Channels.newOutputStream(client), facts());
		}
		catch (RuntimeException ex) {
			logger.debug("A worker has just left", ex);
		}
	}

	private ApplicationFacts facts() {
		boolean ready = isReady();
		List<ProcessFacts> workers = (ready && this.template.hasPools()) ? readyWorkers() : List.of();
		return new ApplicationFacts(describe(), workers, this.exits.get());
	}

	private List<ProcessFacts> readyWorkers() {
		String pool = ChildProcessTemplate.DEFAULT_POOL;
		Set<Long> ready = this.template.pool(pool)
			.snapshot()
			.join()
			.slots()
			.stream()
			.filter((slot) -> slot.state() == WorkerState.READY)
			.map(SlotSnapshot::pid)
			.collect(Collectors.toSet());
		return this.template.workers(pool)
			.stream()
			.filter((worker) -> ready.contains(worker.pid()))
			.map((worker) -> worker.call(PROPERTY, null, ProcessFacts.class))
			.toList();
	}

	@EventListener
	void exited(WorkerExitedEvent event) {
		this.exits.incrementAndGet();
	}

	@IpcListener(PROPERTY)
	ProcessFacts describe() {
		return new ProcessFacts(ProcessHandle.current().pid(), isReady(),
				this.context.getEnvironment().getProperty("local.server.port", Integer.class), ports(), running());
	}

	private boolean isReady() {
		return this.context.getBean(ApplicationAvailability.class)
			.getReadinessState() == ReadinessState.ACCEPTING_TRAFFIC;
	}

	private Set<String> running() {
		Set<String> running = new TreeSet<>();
		this.context.getBeansOfType(Lifecycle.class, false, false).forEach((name, bean) -> {
			if (bean.isRunning()) {
				running.add(name);
			}
		});
		return running;
	}

	/** See proc_pid_net(5): state 0A is TCP_LISTEN, the tenth field is the inode. */
	private static List<Integer> ports() {
		Set<String> own;
		try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
			own = descriptors.map(FactsSocket::target).collect(Collectors.toSet());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return Stream.of("tcp", "tcp6")
			.flatMap((table) -> lines(Path.of("/proc/self/net", table)))
			.map((line) -> line.trim().split("\\s+"))
			.filter((fields) -> fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]"))
			.map((fields) -> Integer.parseInt(fields[1].substring(fields[1].indexOf(':') + 1), 16))
			.sorted()
			.toList();
	}

	private static Stream<String> lines(Path file) {
		try {
			return Files.readAllLines(file).stream().skip(1);
		}
		catch (IOException ex) {
			return Stream.empty();
		}
	}

	private static String target(Path descriptor) {
		try {
			return Files.readSymbolicLink(descriptor).toString();
		}
		catch (IOException ex) {
			return "";
		}
	}

}
