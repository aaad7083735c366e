package io.ipcboot.docs.guide.listening;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.ChildProcess;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.stereotype.Component;

// tag::parent[]
@Component
@ConditionalOnIpcRole(IpcRole.PARENT) // <1>
class ImportProgress {

	final List<String> seen = new CopyOnWriteArrayList<>(); // <2>

	@IpcListener("progress")
	void progress(int done, int all, ChildProcess worker) { // <3>
		this.seen.add(done + "/" + all + " by " + worker.pid());
	}

	@IpcListener("imported")
	int imported(int all) {
		return this.seen.size();
	}

}
// end::parent[]
