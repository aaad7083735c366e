package io.ipcboot.scenario;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;

import io.ipcboot.ChildProcess;
import io.ipcboot.ParentProcess;
import io.ipcboot.ProcStat;
import io.ipcboot.StandaloneTemplate;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.pool.WorkerLostException;
import io.ipcboot.process.ProcessOutput;

/**
 * A process with a pool of its own, for scenarios in which the parent suffers.
 */
public final class ScenarioParent {

	/** System property: a flag for the JVMs of the workers. */
	static final String WORKER_FLAG = "scenario.worker.flag";

	private final List<Object> held = new ArrayList<>();

	private final ObservedPool pool = new ObservedPool(
			ScenarioSettings.workers(2).heartbeatTimeout(Duration.ofSeconds(1)).build(),
			StandaloneTemplate.child(ScenarioWorker.class)
				.jvmArguments(System.getProperty(WORKER_FLAG, "-Dnone"))
				.output(ProcessOutput.DISCARD),
			ChannelOptions.DEFAULT);

	private ScenarioParent() {
	}

	public static void main(String[] arguments) throws IOException {
		ScenarioParent self = new ScenarioParent();
		ParentProcess tests = ParentProcess.connect();
		self.pool.start();
		tests.answer("pids", String.class, (nothing) -> self.pool.pids());
		tests.answer("deaths", String.class, (nothing) -> self.pool.deaths());
		tests.answer("echo", String.class, (text) -> self.pool.ask("echo", text, String.class));
		tests.answer("worker-flags", String.class, (nothing) -> self.pool.ask("flags", null, String.class));
		tests.answer("worker-property", String.class, (name) -> self.pool.ask("property", name, String.class));
		tests.answer("grandchild", String.class, (nothing) -> self.pool.ask("grandchild", null, Long.class));
		tests.answer("orphan", Double.class, (seconds) -> self.pool.ask("orphan", seconds, Long.class));
		tests.answer("sleep", Long.class, (millis) -> self.pool.ask("sleep", millis, String.class));
		tests.answer("own-pid", String.class, (nothing) -> ProcessHandle.current().pid());
		tests.answer("state-of", Long.class, (pid) -> stat(pid)[0]);
		tests.answer("parent-of", Long.class, (pid) -> Long.parseLong(stat(pid)[1]));
		tests.answer("spin", String.class, (nothing) -> self.spin());
		tests.answer("allocate", Integer.class, (megabytes) -> self.lossAt("allocate", megabytes));
		tests.answer("fault", String.class, (fault) -> self.lossAt("run", fault));
		tests.answer("kill", Long.class, (pid) -> self.pool.worker(pid).kill("KILL"));
		tests.answer("exhaust-descriptors", String.class, (nothing) -> ScenarioWorker.exhaustDescriptors(self.held));
		tests.answer("release-descriptors", String.class, (nothing) -> self.release());
		tests.answer("last-exit", Integer.class, (slot) -> self.pool.snapshot().slots().get(slot).lastExit());
		tests.listen("exit-for-worker", Integer.class, self::exitForWorker);
		tests.answer("worker-printed", String.class, (text) -> self.awaitPrinted(text));
		tests.ready();
	}

	private long spin() {
		ChildProcess worker = this.pool.worker();
		worker.callAsync("spin", Long.MAX_VALUE, String.class);
		this.pool.awaitPrinted(worker, "spinning");
		return worker.pid();
	}

	/** A worker calls a listener that exits, and the exit waits for the workers. */
	private void exitForWorker(int code) {
		Runtime.getRuntime().addShutdownHook(new Thread(() -> this.pool.stop(Duration.ofMinutes(10))));
		this.pool.listeners().add("exit", (message) -> {
			System.exit(code);
			return null;
		});
		this.pool.call("call-parent", "exit", Object.class);
	}

	/** State and parent of a process, as this one sees it; of a zombie too. */
	private static String[] stat(long pid) {
		List<String> fields = ProcStat.of(pid);
		return fields.isEmpty() ? new String[] { "gone", "0" } : fields.toArray(String[]::new);
	}

	private boolean awaitPrinted(String text) {
		this.pool.awaitPrinted(this.pool.worker(), text);
		return true;
	}

	/** Of what a worker dies when it does something. */
	private String lossAt(String destination, Object message) {
		try {
			return "survived with " + this.pool.ask(destination, message, Object.class);
		}
		catch (CompletionException ex) {
			return (ex.getCause() instanceof WorkerLostException lost) ? lost.getLossCause().name() : ex.toString();
		}
	}

	private int release() {
		for (Object stream : this.held) {
			try {
				((FileInputStream) stream).close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
		int count = this.held.size();
		this.held.clear();
		return count;
	}

}
