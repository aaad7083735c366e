package io.ipcboot.demo.thumbnails;

import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * Crashes the worker that serves the request, if workers serve HTTP.
 */
@RestController
@ConditionalOnIpcRole(IpcRole.WORKER)
class LocalCrashController {

	private final CrashListener crashes;

	LocalCrashController(CrashListener crashes) {
		this.crashes = crashes;
	}

	@PostMapping("/crash")
	void crash(@RequestParam CrashMode how) {
		this.crashes.crash(how);
	}

}
