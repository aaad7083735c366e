package io.ipcboot.scenario;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * What can go wrong in a JVM, done for real.
 */
enum Fault {

	/** An exception. */
	THROW {
		@Override
		void strike() {
			throw new IllegalStateException("boom");
		}
	},

	/** Recursion without an end. */
	STACK_OVERFLOW {
		@Override
		void strike() {
			recurse(0);
		}
	},

	/** The JVM exits in order, as if all was well. */
	EXIT {
		@Override
		void strike() {
			System.exit(0);
		}
	},

	/** The JVM ends at once. */
	HALT {
		@Override
		void strike() {
			Runtime.getRuntime().halt(7);
		}
	},

	/** Native code writes to where there is no memory. */
	NATIVE_CRASH {
		@Override
		void strike() {
			try {
				Class<?> unsafe = Class.forName("sun.misc.Unsafe");
				Field instance = unsafe.getDeclaredField("theUnsafe");
				instance.setAccessible(true);
				unsafe.getMethod("putAddress", long.class, long.class).invoke(instance.get(null), 0L, 0L);
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}
	},

	/** The heap is full. */
	OUT_OF_MEMORY {
		@Override
		void strike() {
			List<long[]> hoard = new ArrayList<>();
			while (hoard.size() < Integer.MAX_VALUE) {
				hoard.add(new long[1024 * 1024]);
			}
		}
	};

	abstract void strike();

	/** Whether a JVM lives on. */
	boolean isSurvived() {
		return this == THROW || this == STACK_OVERFLOW;
	}

	private static int recurse(int depth) {
		return recurse(depth + 1) + depth;
	}

}
