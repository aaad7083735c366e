package io.ipcboot.docs.guide.forking;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

// tag::conditional[]
@Component
@ConditionalOnIpcRole(IpcRole.WORKER) // <1>
class ReportFiles {

	private final Environment environment;

	ReportFiles(Environment environment) {
		this.environment = environment;
	}

	@IpcListener("property")
	String property(String name) {
		return this.environment.getProperty(name);
	}

}
// end::conditional[]
