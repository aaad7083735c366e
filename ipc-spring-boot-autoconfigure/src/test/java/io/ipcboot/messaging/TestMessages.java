package io.ipcboot.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Messages that belong to nothing and are handled once.
 */
final class TestMessages {

	private TestMessages() {
	}

	/** A message with a payload and nothing else. */
	static OutgoingMessage of(String destination, @Nullable Object payload) {
		return of(destination, payload, null, Map.of(), null, false, null);
	}

	static OutgoingMessage event(String name, List<@Nullable Object> values) {
		return of(name, null, values, Map.of(), null, false, null);
	}

	static OutgoingMessage of(String destination, @Nullable Object payload, @Nullable List<@Nullable Object> values,
			Map<String, String> headers, @Nullable Object handle, boolean keepOpen, @Nullable Duration timeout) {
		return new OutgoingMessage(destination, payload, values, headers, handle, keepOpen, timeout, null, false);
	}

}
