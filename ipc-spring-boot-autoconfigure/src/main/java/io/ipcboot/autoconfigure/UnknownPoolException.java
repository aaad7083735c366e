package io.ipcboot.autoconfigure;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Thrown when a listener takes messages from the workers of a pool that does not exist:
 * nobody could send to it.
 */
class UnknownPoolException extends RuntimeException {

	private final List<String> unknown;

	private final List<String> nearest;

	UnknownPoolException(String listener, String destination, Collection<String> unknown, Collection<String> pools) {
		super("The listener %s for '%s' takes messages from the workers of %s, but %s".formatted(listener, destination,
				quoted(unknown),
				pools.isEmpty() ? "no pool is configured" : "only these pools exist: " + quoted(new TreeSet<>(pools))));
		this.unknown = List.copyOf(unknown);
		this.nearest = unknown.stream()
			.map((name) -> KnownProperties.nearest(name, pools))
			.flatMap(Optional::stream)
			.distinct()
			.toList();
	}

	private static String quoted(Collection<String> names) {
		return "'" + String.join("', '", names) + "'";
	}

	/** Return the pools that do not exist. */
	List<String> unknown() {
		return this.unknown;
	}

	/** Return the pools that were probably meant. */
	List<String> nearest() {
		return this.nearest;
	}

}
