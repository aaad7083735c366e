package io.ipcboot.handle;

import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Remembers which objects were handed over, so that a second attempt is told so.
 */
final class GivenAway {

	private static final Map<Object, Boolean> OBJECTS = Collections.synchronizedMap(new WeakHashMap<>());

	private GivenAway() {
	}

	static void add(Object object) {
		OBJECTS.put(object, true);
	}

	static boolean contains(Object object) {
		return OBJECTS.containsKey(object);
	}

}
