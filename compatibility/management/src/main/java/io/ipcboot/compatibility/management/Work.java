package io.ipcboot.compatibility.management;

import java.nio.file.Files;
import java.nio.file.Path;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.pool.PoolSaturatedException;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Work for the workers, which takes until a file is there. The parent sends it once
 * another file is there.
 */
@Component
class Work {

	private static final Path BEGIN = Path.of("begin");

	private static final Path END = Path.of("end");

	/** Two workers have one each, and the last one finds no room in a queue for two. */
	private static final int CALLS = 5;

	private final ChildProcessOperations processes;

	private final IpcRole role;

	Work(ChildProcessOperations processes, IpcRole role) {
		this.processes = processes;
		this.role = role;
	}

	@EventListener(ApplicationReadyEvent.class)
	void begin() {
		if (this.role == IpcRole.WORKER) {
			return;
		}
		Thread sender = new Thread(() -> {
			await(BEGIN);
			this.processes.send("nobody", "listens");
			for (int i = 0; i < CALLS; i++) {
				call(i);
			}
		}, "sender");
		sender.setDaemon(true);
		sender.start();
	}

	private void call(int number) {
		try {
			this.processes.callAsync("work", number, String.class);
		}
		catch (PoolSaturatedException ex) {
			// as it should be
		}
	}

	@IpcListener("work")
	String work(int number) {
		await(END);
		return "done " + number;
	}

	private static void await(Path file) {
		while (!Files.exists(file)) {
			try {
				Thread.sleep(20);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
		}
	}

}
