package io.ipcboot.docs.guide.listening;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.messaging.IpcMessage;
import jakarta.validation.Valid;

import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.Payload;
import org.springframework.stereotype.Component;

/**
 * The worker's side of the page "Listening".
 */
@Component
class Bookings {

	private final List<String> order = new ArrayList<>();

	private final CountDownLatch both = new CountDownLatch(2);

	// tag::payload[]
	@IpcListener("book")
	String book(@Valid @Payload Booking booking, @Header Optional<String> channel) {
		return booking.guest() + " via " + channel.orElse("desk");
	}
	// end::payload[]

	// tag::event[]
	@IpcListener("checked-in")
	void checkedIn(String guest, int room) {
		this.order.add(guest + " in " + room);
	}
	// end::event[]

	// tag::message[]
	@IpcListener("describe")
	Map<String, Object> describe(Message<String> message) {
		return Map.of("payload", message.getPayload(), // <1>
				"destination", message.getHeaders().get(IpcMessage.DESTINATION), // <2>
				"call", message.getHeaders().get(IpcMessage.REPLY_EXPECTED));
	}
	// end::message[]

	// tag::future[]
	@IpcListener("invoice")
	CompletableFuture<String> invoice(String guest) {
		return CompletableFuture.supplyAsync(() -> "invoice for " + guest);
	}
	// end::future[]

	// tag::concurrency[]
	@IpcListener(destination = "rate", concurrency = 8)
	int rate(String guest) {
		return guest.length();
	}
	// end::concurrency[]

	@IpcListener(destination = "meet", concurrency = 2)
	boolean meet() throws InterruptedException {
		this.both.countDown();
		return this.both.await(30, TimeUnit.SECONDS);
	}

	// tag::sender[]
	@IpcListener("import")
	int importAll(List<String> guests, ParentProcess parent) {
		for (int i = 1; i <= guests.size(); i++) {
			parent.emit("progress", i, guests.size());
		}
		return parent.call("imported", guests.size(), Integer.class); // <1>
	}
	// end::sender[]

	// tag::both[]
	@IpcListener(destination = "version", role = { IpcRole.PARENT, IpcRole.WORKER })
	String version() {
		return "1.0";
	}
	// end::both[]

	@IpcListener("parent-version")
	String parentVersion(ParentProcess parent) {
		return parent.call("version", null, String.class);
	}

	@IpcListener("parent-secret")
	String parentSecret(ParentProcess parent) {
		return parent.call("book", new Booking("x", 1), String.class);
	}

	@IpcListener("thread")
	String thread() {
		return Thread.currentThread().toString();
	}

	@IpcListener("guests")
	List<String> guests() {
		return this.order;
	}

}
