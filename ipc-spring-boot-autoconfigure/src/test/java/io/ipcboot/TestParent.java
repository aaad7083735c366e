package io.ipcboot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.process.ProcessOutput;

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
		tests.answer("fork-spinning", String.class, (nothing) -> self.forkSpinning());
		tests.answer("fork-hanging-at-exit", String.class, (nothing) -> self.forkHangingAtExit());
		tests.answer("own-flags", String.class, (nothing) -> ManagementFactory.getRuntimeMXBean().getInputArguments());
		tests.answer("start-slow", String.class,
				(nothing) -> self.processes.start(StandaloneTemplate.child(TestChild.class).arguments("--slow-start"))
					.pid());
		tests.answer("disconnect-hanging-at-exit", String.class, (nothing) -> self.disconnectHangingAtExit());
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
