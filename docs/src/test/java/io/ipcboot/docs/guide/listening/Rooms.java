package io.ipcboot.docs.guide.listening;

import java.io.IOException;
import java.util.Map;
import java.util.NoSuchElementException;

import io.ipcboot.IpcListener;

import org.springframework.messaging.handler.annotation.MessageExceptionHandler;
import org.springframework.stereotype.Component;

// tag::handler[]
@Component
class Rooms {

	private final Map<String, Integer> rooms = Map.of("Ada", 7);

	@IpcListener("room")
	int room(String guest) {
		Integer room = this.rooms.get(guest);
		if (room == null) {
			throw new NoSuchElementException("no guest " + guest);
		}
		return room;
	}

	@MessageExceptionHandler // <1>
	int unknown(NoSuchElementException ex) {
		return -1; // <2>
	}
	// end::handler[]

	@IpcListener("key")
	String key(int room) throws IOException {
		throw new IOException("/srv/keys/" + room + ": no such file");
	}

	// tag::argument[]
	@IpcListener("check-out")
	String checkOut(String guest, Desk desk) {
		return guest + " at " + desk.name();
	}
	// end::argument[]

	// tag::handler[]

}
// end::handler[]
