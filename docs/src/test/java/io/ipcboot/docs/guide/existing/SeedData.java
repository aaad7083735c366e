package io.ipcboot.docs.guide.existing;

import io.ipcboot.IpcRole;
import io.ipcboot.autoconfigure.ConditionalOnIpcRole;

import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * The sample of the page "Add it to an application that exists".
 */
// tag::seed[]
@Component
@ConditionalOnIpcRole(IpcRole.PARENT) // <1>
class SeedData {

	private final Customers customers;

	SeedData(Customers customers) {
		this.customers = customers;
	}

	@EventListener(ApplicationReadyEvent.class)
	void seed() {
		this.customers.add("Ada");
	}

}
// end::seed[]
