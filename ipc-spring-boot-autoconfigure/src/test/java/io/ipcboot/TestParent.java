package io.ipcboot;

import java.lang.management.ManagementFactory;
import java.util.List;

import io.ipcboot.process.ProcessOutput;

/**
 * A process that forks processes, itself forked by the tests.
 */
public final class TestParent {

	private final StandaloneTemplate processes = new StandaloneTemplate();

	private TestParent() {
	}

	public static void main(String[] arguments) throws Exception {
		TestParent self = new TestParent();
		ParentProcess tests = ParentProcess.connect();
		tests.answer("fork-inheriting", String.class, self::forkInheriting);
		tests.answer("fork", String.class, (nothing) -> self.fork().pid());
		tests.answer("fork-spinning", String.class, (nothing) -> self.forkSpinning());
		tests.answer("fork-hanging-at-exit", String.class, (nothing) -> self.forkHangingAtExit());
		tests.answer("flags-of-child", String.class, (nothing) -> self.flagsOfChild());
		tests.answer("own-flags", String.class, (nothing) -> ManagementFactory.getRuntimeMXBean().getInputArguments());
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
		ChildProcess child = fork();
		child.send("hang-at-exit", null);
		StandaloneTemplate.awaitPrinted(child, "will hang");
		return child.pid();
	}

	@SuppressWarnings("unchecked")
	private List<String> flagsOfChild() {
		return fork().call("flags", null, List.class);
	}

}
