package io.ipcboot.benchmarks.soak;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the operations that were admitted, and their outcomes.
 */
final class Outcomes {

	private final LongAdder admitted = new LongAdder();

	private final Map<String, LongAdder> ends = new ConcurrentHashMap<>();

	private final String title;

	Outcomes(String title) {
		this.title = title;
	}

	void admitted() {
		this.admitted.increment();
	}

	void ended(String how) {
		this.ends.computeIfAbsent(how, (key) -> new LongAdder()).increment();
	}

	/** Whether every admitted operation has had one outcome. */
	boolean addUp() {
		return this.admitted.sum() == this.ends.values().stream().mapToLong(LongAdder::sum).sum();
	}

	/** Whether there is an outcome that must not happen, whose name is in capitals. */
	boolean isAnyWrong() {
		return this.ends.keySet().stream().anyMatch((how) -> Character.isUpperCase(how.charAt(1)));
	}

	@Override
	public String toString() {
		return "%s: %,d admitted, %s%s".formatted(this.title, this.admitted.sum(), new TreeMap<>(this.ends),
				addUp() ? "" : "  <- DOES NOT ADD UP");
	}

}
