package io.ipcboot.demo.thumbnails;

import java.util.ArrayList;
import java.util.List;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.stereotype.Component;

/**
 * Crashes a worker in ways that no application would survive.
 */
@Component
@ConditionalOnIpcRole(IpcRole.WORKER)
class CrashListener {

	@IpcListener("crash")
	void crash(CrashMode how) {
		switch (how) {
			case EXIT -> System.exit(1);
			case HALT -> Runtime.getRuntime().halt(2);
			case OOM -> fillMemory();
			case LOOP -> loop();
		}
	}

	private static void fillMemory() {
		List<byte[]> memory = new ArrayList<>();
		while (true) {
			memory.add(new byte[1024 * 1024]);
		}
	}

	private static void loop() {
		while (true) {
			Thread.onSpinWait();
		}
	}

}
