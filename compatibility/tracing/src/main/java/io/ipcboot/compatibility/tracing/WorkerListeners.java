package io.ipcboot.compatibility.tracing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.ParentProcess;
import org.slf4j.MDC;

import org.springframework.stereotype.Component;

/**
 * Listeners of workers. They answer with the trace that the log would show.
 */
@Component
class WorkerListeners {

	private final ParentProcess parent;

	private final ChildProcessTemplate workers;

	WorkerListeners(ParentProcess parent, ChildProcessTemplate workers) {
		this.parent = parent;
		this.workers = workers;
	}

	@IpcListener("order")
	String order(String article) {
		String price = this.parent.call("price", article, String.class);
		String stock = this.workers.call("stock", article, String.class);
		this.parent.send("note", article).join();
		return String.join(" ", MDC.get("traceId"), price, stock);
	}

	@IpcListener("stock")
	String stock(String article) {
		return MDC.get("traceId");
	}

	/** The reply comes later, from a thread without a trace. */
	@IpcListener("later")
	CompletableFuture<String> later(String article) {
		String trace = MDC.get("traceId");
		return CompletableFuture.supplyAsync(() -> trace + " " + MDC.get("traceId"),
				CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS));
	}

	@IpcListener("never")
	CompletableFuture<String> never(String article) {
		return new CompletableFuture<>();
	}

	@IpcListener("fail")
	String fail(String article) {
		throw new IllegalStateException("no " + article);
	}

	/** The first worker dies of it. */
	@IpcListener("die-once")
	String dieOnce(String article) throws IOException {
		Path died = Path.of("died");
		if (!Files.exists(died)) {
			Files.createFile(died);
			Runtime.getRuntime().halt(1);
		}
		return MDC.get("traceId");
	}

}
