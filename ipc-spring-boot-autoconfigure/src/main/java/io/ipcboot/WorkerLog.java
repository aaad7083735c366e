package io.ipcboot;

import io.ipcboot.channel.UntrustedText;
import io.ipcboot.process.ProcessOutput;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Logs the output of a process as {@code ipc.worker.<pool>.<slot>}, and drops lines
 * beyond a limit, so that a process cannot fill the disk of its parent. Control
 * characters are escaped, so that a line cannot be taken for another one.
 */
final class WorkerLog implements ProcessOutput {

	/** The approximate number of characters that the log adds to a line. */
	private static final int OVERHEAD = 64;

	private final @Nullable OutputBudget budget;

	private final Runnable dropped;

	private volatile Log logger;

	private volatile String name;

	/**
	 * @param dropped run for each line that is dropped
	 */
	WorkerLog(String name, @Nullable DataSize bytesPerSecond, Runnable dropped) {
		this.dropped = dropped;
		this.logger = logger(name);
		this.name = name;
		this.budget = (bytesPerSecond != null) ? new OutputBudget(bytesPerSecond.toBytes(), System::nanoTime) : null;
	}

	private static Log logger(String name) {
		return LogFactory.getLog("ipc.worker." + name.replace('/', '.'));
	}

	/** Use the name of the slot that a spare got. */
	void rename(String newName) {
		this.logger = logger(newName);
		this.name = newName;
	}

	@Override
	public void accept(Line line) {
		String prefix = "[" + this.name + " " + line.pid() + "] ";
		String text = UntrustedText.line(line.text());
		if (this.budget != null && !this.budget.spend(OVERHEAD + prefix.length() + text.length())) {
			this.dropped.run();
			return;
		}
		long dropped = (this.budget != null) ? this.budget.takeDropped() : 0;
		if (dropped > 0) {
			this.logger.warn(prefix + "%,d lines were dropped because the process printed more than its output limit"
				.formatted(dropped));
		}
		if (line.error()) {
			this.logger.warn(prefix + text);
		}
		else {
			this.logger.info(prefix + text);
		}
	}

}
