package io.ipcboot.demo.web;

import io.ipcboot.ParentProcess;

import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Tells which process answers on the HTTP port.
 */
@RestController
class ServedBy {

	private final ParentProcess parent;

	ServedBy(ParentProcess parent) {
		this.parent = parent;
	}

	/** The next request opens a connection, which another process may accept. */
	@GetMapping("/served-by")
	ResponseEntity<ServingProcess> servedBy() {
		String name = this.parent.isConnected() ? this.parent.self().pool() + "/" + this.parent.self().slot()
				: "parent";
		return ResponseEntity.ok()
			.header(HttpHeaders.CONNECTION, "close")
			.header(HttpHeaders.CACHE_CONTROL, "no-store")
			.body(new ServingProcess(name, ProcessHandle.current().pid()));
	}

	/**
	 * A process that serves HTTP.
	 *
	 * @param name {@code parent}, or the pool and the slot of a worker
	 * @param pid the process id
	 */
	record ServingProcess(String name, long pid) {

	}

}
