package io.ipcboot.docs.guide.supervision;

import java.time.Duration;

import io.ipcboot.ChildProcessTemplate;

import org.springframework.stereotype.Component;

@Component
class Tenants {

	private final ChildProcessTemplate workers;

	Tenants(ChildProcessTemplate workers) {
		this.workers = workers;
	}

	// tag::key[]
	long lookUp(String tenant, String word) {
		return this.workers.to("dictionary").destination("look-up").message(word).key(tenant).call(Long.class);
	}
	// end::key[]

	// tag::idempotent[]
	long lookUpAgainIfNecessary(String word) {
		return this.workers.to("dictionary")
			.destination("look-up")
			.message(word)
			.deadline(Duration.ofSeconds(2))
			.idempotent()
			.call(Long.class);
	}
	// end::idempotent[]

}
