package io.ipcboot.handle;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Remembers which objects were handed over, so that the error message of a second attempt
 * says so.
 */
final class HandedOverObjects {

	private static final Map<Object, Boolean> OBJECTS = Collections.synchronizedMap(new WeakHashMap<>());

	private HandedOverObjects() {
	}

	static void add(Object object) {
		OBJECTS.put(object, true);
	}

	static boolean contains(Object object) {
		return OBJECTS.containsKey(object);
	}

}
