package io.ipcboot.pool;

import java.time.Duration;

/**
 * Checks of settings, with messages that name the property.
 */
final class Settings {

	private Settings() {
	}

	static void require(boolean valid, String problem, Object actual) {
		if (!valid) {
			throw new IllegalArgumentException(problem.formatted(actual));
		}
	}

	static void requirePositive(String name, Duration value) {
		require(!value.isNegative() && !value.isZero(), name + " must be positive, but is %s", value);
	}

	static void requireNotNegative(String name, Duration value) {
		require(!value.isNegative(), name + " must not be negative, but is %s", value);
	}

	static void requireAtLeast(String name, long minimum, long value) {
		require(value >= minimum, name + " must be at least " + minimum + ", but is %s", value);
	}

}
