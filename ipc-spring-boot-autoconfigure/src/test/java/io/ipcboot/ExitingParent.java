package io.ipcboot;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.ipcboot.process.ProcessOutput;

/**
 * An application that ends itself in one of its callbacks, and whose end waits for its
 * processes. Its argument is the callback. The times that must not count are hours.
 */
public final class ExitingParent {

	private static final Duration NEVER = Duration.ofHours(1);

	private ExitingParent() {
	}

	public static void main(String[] arguments) throws InterruptedException {
		StandaloneTemplate processes = new StandaloneTemplate();
		Runtime.getRuntime().addShutdownHook(new Thread(() -> processes.template().stop(NEVER).join()));
		ForkOptions options = StandaloneTemplate.child(TestChild.class).drainTimeout(NEVER).killGrace(NEVER);
		ChildProcess child = processes
			.start(options.output(arguments[0].startsWith("output") ? (line) -> exit() : ProcessOutput.DISCARD));
		switch (arguments[0]) {
			case "output" -> child.send("print", "a line\n");
			case "output-of-many-lines" -> child.callAsync("print", ("x".repeat(99) + "\n").repeat(20_000), Void.class);
			case "reply" -> child.callAsync("pid", null, Long.class).thenAccept((pid) -> exit());
			case "failure" -> child.callAsync("fail", "on purpose", Void.class).exceptionally((ex) -> {
				exit();
				return null;
			});
			case "send" -> child.emit("event", 1, "a").thenRun(ExitingParent::exit);
			case "ready" -> child.onReady().thenRun(ExitingParent::exit);
			case "exit" -> {
				child.onExit().thenRun(ExitingParent::exit);
				processes.fork(options);
				child.kill("KILL");
			}
			case "disconnect" -> {
				processes.fork(options);
				child.disconnect().thenRun(ExitingParent::exit);
			}
			case "listener" -> {
				child.listen("end", String.class, (text) -> exit());
				child.callAsync("ask-parent", "end", String.class);
			}
			case "one-way-listener" -> {
				child.listen("end", String.class, (text) -> exit());
				child.send("emit-to-parent", "end");
			}
			default -> throw new IllegalArgumentException(arguments[0]);
		}
		TimeUnit.DAYS.sleep(1);
	}

	private static void exit() {
		System.exit(7);
	}

}
