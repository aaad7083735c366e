package io.ipcboot.docs.guide.supervision;

import io.ipcboot.IpcListener;

import org.springframework.stereotype.Component;

@Component
class Dictionary {

	/** Returns the process id of the worker that looked the word up. */
	@IpcListener("look-up")
	long lookUp(String word) {
		return ProcessHandle.current().pid();
	}

}
