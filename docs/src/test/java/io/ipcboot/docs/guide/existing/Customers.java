package io.ipcboot.docs.guide.existing;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.ipcboot.IpcListener;

import org.springframework.stereotype.Component;

/**
 * A store in memory, of which each process has its own.
 */
@Component
class Customers {

	private final List<String> names = new CopyOnWriteArrayList<>();

	void add(String name) {
		this.names.add(name);
	}

	@IpcListener("customers")
	List<String> names() {
		return this.names;
	}

}
