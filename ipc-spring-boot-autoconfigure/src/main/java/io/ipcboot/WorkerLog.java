package io.ipcboot;

import io.ipcboot.process.ProcessOutput;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs what a process prints, as {@code ipc.worker.<pool>.<slot>}.
 */
final class WorkerLog implements ProcessOutput {

	private final Log logger;

	private final String name;

	WorkerLog(String name) {
		this.logger = LogFactory.getLog("ipc.worker." + name.replace('/', '.'));
		this.name = name;
	}

	@Override
	public void accept(Line line) {
		String text = "[" + this.name + " " + line.pid() + "] " + line.text();
		if (line.error()) {
			this.logger.warn(text);
		}
		else {
			this.logger.info(text);
		}
	}

}
