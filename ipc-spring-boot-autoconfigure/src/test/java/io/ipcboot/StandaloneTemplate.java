package io.ipcboot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ApplicationEvent;

/**
 * A template as an application has it, made without Spring. Records the events of its
 * workers, and ends all processes when it is closed.
 */
public final class StandaloneTemplate implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	public final List<WorkerEvent> events = new CopyOnWriteArrayList<>();

	public final List<PoolEvent> poolEvents = new CopyOnWriteArrayList<>();

	/** What the consumer of events throws. */
	volatile @Nullable RuntimeException eventFailure;

	public final ListenerRegistry listeners = new ListenerRegistry();

	private final ChildProcessTemplate template;

	public StandaloneTemplate(PoolOptions... pools) {
		this(ChannelOptions.DEFAULT, pools);
	}

	public StandaloneTemplate(ChannelOptions limits, PoolOptions... pools) {
		this(limits, WorkerLimits.DEFAULT, pools);
	}

	public StandaloneTemplate(ChannelOptions limits, WorkerLimits workers, PoolOptions... pools) {
		PayloadConverter converter = new PayloadConverter(JsonMapper.builder().build(), limits.maxFrameSize());
		ForkDefaults defaults = new ForkDefaults(null, List.of(), List.of(), Map.of(), limits, TIMEOUT, TIMEOUT,
				Background.EXECUTOR, converter, this.listeners, Interceptors.NONE);
		this.template = new ChildProcessTemplate(IpcRole.PARENT, ParentProcess.none(), defaults,
				ListenerMethods.standalone(), this::record, List.of(pools), workers);
	}

	private void record(ApplicationEvent event) {
		if (event instanceof WorkerEvent workerEvent) {
			this.events.add(workerEvent);
		}
		else {
			this.poolEvents.add((PoolEvent) event);
		}
		if (this.eventFailure != null) {
			throw this.eventFailure;
		}
	}

	/**
	 * Return how to fork a main class of a test so that it starts quickly.
	 */
	public static ForkOptions child(Class<?> mainClass) {
		return ForkOptions.mainClass(mainClass).jvmArguments("-XX:TieredStopAtLevel=1", "-Xshare:auto");
	}

	/**
	 * Return a command that runs a main class of a test, for other programs to start.
	 */
	public static String[] javaCommand(Class<?> mainClass) {
		return new String[] { System.getProperty("java.home") + "/bin/java", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
				"--add-opens=java.base/sun.nio.ch=ALL-UNNAMED", "--enable-native-access=ALL-UNNAMED", "-cp",
				System.getProperty("java.class.path"), mainClass.getName() };
	}

	public ChildProcessTemplate template() {
		return this.template;
	}

	public ChildProcess fork(ForkOptions options) {
		return this.template.fork(options);
	}

	public ChildProcess start(ForkOptions options) {
		return this.template.start(options);
	}

	/**
	 * Wait until a process has printed something.
	 */
	public static void awaitPrinted(ChildProcess child, String text) {
		Awaitility.await().until(() -> child.lastLines().stream().anyMatch((line) -> line.contains(text)));
	}

	@Override
	public void close() {
		this.template.stop(Duration.ZERO).join();
	}

}
