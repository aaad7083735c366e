package io.ipcboot.compatibility.tracing;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;
import org.slf4j.MDC;

import org.springframework.stereotype.Component;

/**
 * Listeners of the parent, which workers call.
 */
@Component
@ConditionalOnIpcRole(IpcRole.PARENT)
class ParentListeners {

	@IpcListener("price")
	String price(String article) {
		return MDC.get("traceId");
	}

	@IpcListener("note")
	void note(String article) {
	}

}
