package io.ipcboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.pool.WorkerStartException;
import io.ipcboot.process.ProcessOutput;
import org.awaitility.Awaitility;

/**
 * A process that forks processes, itself forked by the tests.
 */
public final class TestParent {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	private final List<Object> held = new CopyOnWriteArrayList<>();

	private TestParent() {
	}

	public static void main(String[] arguments) throws Exception {
		TestParent self = new TestParent();
		ParentProcess tests = ParentProcess.connect();
		tests.answer("fork-inheriting", String.class, self::forkInheriting);
		tests.answer("fork", String.class, (nothing) -> self.fork().pid());
		tests
			.answer("fork-prefixed", String.class,
					(nothing) -> self.processes.fork(StandaloneTemplate.child(TestChild.class)
						.inheritEnvironment("*")
						.environment("CHANGED", "1")
						.commandPrefix("nice", "-n", "1")).pid());
		tests.answer("fork-spinning", String.class, (nothing) -> self.forkSpinning());
		tests.answer("fork-hanging-at-exit", String.class, (nothing) -> self.forkHangingAtExit());
		tests.answer("child-property", String.class, (name) -> self.fork().call("property", name, String.class));
		tests.answer("prefixed-child-property", String.class,
				(name) -> self.processes
					.fork(StandaloneTemplate.child(TestChild.class).commandPrefix("nice", "-n", "1"))
					.call("property", name, String.class));
		tests.answer("child-elsewhere-property", String.class,
				(name) -> self.processes.fork(StandaloneTemplate.child(TestChild.class).directory(Path.of("/")))
					.call("property", name, String.class));
		tests.answer("child-heap", String.class, (nothing) -> self.fork().call("max-heap", null, Long.class));
		tests.answer("fork-or-fail", String.class, (nothing) -> self.forkOrFail());
		tests.answer("own-flags", String.class, (nothing) -> ManagementFactory.getRuntimeMXBean().getInputArguments());
		tests.answer("start-slow", String.class,
				(nothing) -> self.processes.start(StandaloneTemplate.child(TestChild.class).arguments("--slow-start"))
					.pid());
		tests.answer("disconnect-hanging-at-exit", String.class, (nothing) -> self.disconnectHangingAtExit());
		tests.answer("lose-calls", Integer.class, self::loseCalls);
		tests.answer("share-listener", String.class, (nothing) -> self.shareListener());
		tests.listen("exit", Integer.class, System::exit);
		tests.listen("halt", Integer.class, (code) -> Runtime.getRuntime().halt(code));
		tests.ready();
	}

	private long forkInheriting(String script) {
		ChildProcess child = this.processes.fork(ForkOptions.program("sh", "-c", script).output(ProcessOutput.INHERIT));
		child.onExit().join();
		return child.pid();
	}

	private ChildProcess fork() {
		return this.processes.fork(StandaloneTemplate.child(TestChild.class));
	}

	private String forkOrFail() {
		try {
			return fork().call("directory", null, String.class);
		}
		catch (WorkerStartException ex) {
			return ex.getMessage();
		}
	}

	private long forkSpinning() {
		ChildProcess child = fork();
		child.send("spin", null);
		StandaloneTemplate.awaitPrinted(child, "spinning");
		return child.pid();
	}

	private long forkHangingAtExit() {
		return hangingAtExit().pid();
	}

	private ChildProcess hangingAtExit() {
		ChildProcess child = fork();
		child.send("hang-at-exit", null);
		StandaloneTemplate.awaitPrinted(child, "will hang");
		return child;
	}

	private long disconnectHangingAtExit() {
		ChildProcess child = hangingAtExit();
		child.end(Duration.ofMinutes(1));
		return child.pid();
	}

	/**
	 * A process that has printed long lines dies while calls wait behind a busy listener.
	 * Returns how many have failed, how many before the started one, and the length of
	 * the longest text.
	 */
	private List<Integer> loseCalls(int count) {
		ChildProcess child = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).output(ProcessOutput.DISCARD));
		child.call("print", ("x".repeat(8000) + "\n").repeat(50), Void.class);
		List<CompletableFuture<?>> calls = new ArrayList<>();
		List<CompletableFuture<?>> told = new CopyOnWriteArrayList<>();
		calls.add(child.callAsync("sleep", 60_000L, String.class));
		StandaloneTemplate.awaitPrinted(child, "busy");
		for (int i = 0; i < count; i++) {
			calls.add(child.callAsync("sum", List.of(i), Integer.class));
		}
		for (CompletableFuture<?> call : calls) {
			call.whenComplete((reply, ex) -> told.add(call));
		}
		child.kill("KILL");
		child.onExit().join();
		Awaitility.await().until(() -> told.size() == calls.size());
		int longest = 0;
		for (CompletableFuture<?> call : calls) {
			longest = Math.max(longest, call.handle((reply, ex) -> ex.getMessage().length()).join());
		}
		return List.of(told.size(), told.indexOf(calls.get(0)), longest);
	}

	/** This process and a worker accept on the same port. */
	private int shareListener() {
		try {
			ServerSocketChannel listener = Client.listen();
			ChildProcess child = this.processes.fork(StandaloneTemplate.child(HandleChild.class));
			child.destination("listener").handle(listener).send().join();
			this.held.add(listener);
			return Client.port(listener);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
