package io.ipcboot;

import io.ipcboot.process.ProcessOutput;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Logs what a process prints, as {@code ipc.worker.<pool>.<slot>}, and drops what is too
 * much, so that a process cannot fill the disk of its parent.
 */
final class WorkerLog implements ProcessOutput {

	/** What the log adds to a line. */
	private static final int OVERHEAD = 64;

	private final @Nullable OutputBudget budget;

	private volatile Log logger;

	private volatile String name;

	WorkerLog(String name, @Nullable DataSize bytesPerSecond) {
		this.logger = logger(name);
		this.name = name;
		this.budget = (bytesPerSecond != null) ? new OutputBudget(bytesPerSecond.toBytes(), System::nanoTime) : null;
	}

	private static Log logger(String name) {
		return LogFactory.getLog("ipc.worker." + name.replace('/', '.'));
	}

	/** A spare has got its slot. */
	void rename(String newName) {
		this.logger = logger(newName);
		this.name = newName;
	}

	@Override
	public void accept(Line line) {
		String prefix = "[" + this.name + " " + line.pid() + "] ";
		if (this.budget != null && !this.budget.spend(OVERHEAD + prefix.length() + line.text().length())) {
			return;
		}
		long dropped = (this.budget != null) ? this.budget.takeDropped() : 0;
		if (dropped > 0) {
			this.logger.warn(prefix + "%,d lines were dropped, as it has printed too much".formatted(dropped));
		}
		if (line.error()) {
			this.logger.warn(prefix + line.text());
		}
		else {
			this.logger.info(prefix + line.text());
		}
	}

}
