package io.ipcboot.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The destinations that are told apart. Their number is limited, since each makes a
 * meter, and a sender may put data of users into the names. Safe for concurrent use.
 */
final class ObservedDestinations {

	static final int LIMIT = 100;

	static final String OTHER = "other";

	private final Set<String> known = ConcurrentHashMap.newKeySet();

	String nameFor(String destination) {
		return (this.known.contains(destination) || add(destination)) ? destination : OTHER;
	}

	private boolean add(String destination) {
		if (this.known.size() >= LIMIT) {
			return false;
		}
		synchronized (this) {
			return this.known.contains(destination) || (this.known.size() < LIMIT && this.known.add(destination));
		}
	}

}
