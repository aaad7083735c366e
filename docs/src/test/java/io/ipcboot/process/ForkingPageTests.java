package io.ipcboot.process;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.docs.reference.GuidePage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the tables of the page "Forking" about flags and environment with the code.
 */
class ForkingPageTests {

	private final GuidePage page = GuidePage.read("forking.adoc");

	ForkingPageTests() throws IOException {
	}

	@Test
	void variablesThatNeverReachAWorker() {
		Map<String, String> own = new HashMap<>(Map.of("PATH", "/bin"));
		for (List<String> row : this.page.table("variables-never-inherited")) {
			for (String name : row.get(0).split(", ")) {
				own.put(name.replace("*", "USEC"), "x");
			}
		}
		assertThat(own).hasSizeGreaterThan(15);
		new ChildEnvironment(null, Map.of()).applyTo(own);
		assertThat(own).isEqualTo(Map.of("PATH", "/bin"));
	}

	@Test
	void flagsThatReachAWorker() {
		List<String> flags = flags("flags-inherited");
		assertThat(flags).hasSizeGreaterThan(5);
		assertThat(InheritedFlags.filter(flags)).isEqualTo(flags);
	}

	@Test
	void flagsThatNeverReachAWorker() {
		List<String> flags = flags("flags-never-inherited");
		assertThat(flags).hasSizeGreaterThan(5);
		assertThat(InheritedFlags.filter(flags)).isEmpty();
	}

	@Test
	void flagsThatEveryWorkerHas() {
		List<String> command = JavaCommand.ofMainClass("Main").maxHeap(1024).build();
		assertThat(command).containsAll(flags("flags-built"));
	}

	private List<String> flags(String table) {
		return this.page.table(table).stream().flatMap((row) -> List.of(row.get(0).split(", ")).stream()).toList();
	}

}
