package io.ipcboot;

import java.util.Map;

import org.slf4j.MDC;

import org.springframework.util.ClassUtils;

/**
 * Logs with entries in the MDC, if there is one: SLF4J is optional.
 */
final class LogContext {

	private static final boolean AVAILABLE = ClassUtils.isPresent("org.slf4j.MDC", LogContext.class.getClassLoader());

	private LogContext() {
	}

	static boolean isAvailable() {
		return AVAILABLE;
	}

	/** Log something with these entries and no others. */
	static void with(Map<String, String> entries, Runnable log) {
		if (AVAILABLE) {
			Entries.with(entries, log);
		}
		else {
			log.run();
		}
	}

	private static final class Entries {

		static void with(Map<String, String> entries, Runnable log) {
			Map<String, String> before = MDC.getCopyOfContextMap();
			MDC.setContextMap(entries);
			try {
				log.run();
			}
			finally {
				if (before != null) {
					MDC.setContextMap(before);
				}
				else {
					MDC.clear();
				}
			}
		}

	}

}
