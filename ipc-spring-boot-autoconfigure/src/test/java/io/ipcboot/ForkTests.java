package io.ipcboot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a forked JVM gets from its options.
 */
@ProcessTest
class ForkTests {

	private static final ParameterizedTypeReference<List<String>> STRINGS = new ParameterizedTypeReference<>() {
	};

	private static final ParameterizedTypeReference<Map<String, String>> STRING_MAP = new ParameterizedTypeReference<>() {
	};

	private final StandaloneTemplate processes = new StandaloneTemplate();

	@AfterEach
	void endProcesses() {
		this.processes.close();
	}

	@Test
	void anotherMainClassIsAProcessOfItsOwn() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class));
		assertThat(child.pid()).isNotEqualTo(ProcessHandle.current().pid());
		assertThat(child.call("pid", null, Long.class)).isEqualTo(child.pid());
		assertThat(child.isAlive()).isTrue();
		assertThat(child.isConnected()).isTrue();
		assertThat(child.isWritable()).isTrue();
		assertThat(child).hasToString("process (pid " + child.pid() + ")");
	}

	@Test
	void argumentsArriveAsTheyAre() {
		String[] arguments = { "plain", "", " with  spaces ", "ünï©ødé 🎈", "-Dlooks=like a flag",
				"$HOME `x` \"y\" 'z'", "line\nbreak", "@file", "*" };
		ChildProcess child = this.processes
			.fork(StandaloneTemplate.child(TestChild.class).environment("LC_ALL", "C.UTF-8").arguments(arguments));
		assertThat(child.call("arguments", null, STRINGS)).containsExactly(arguments);
	}

	@Test
	void theJvmIsConfigured(@TempDir Path directory) {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class)
			.directory(directory)
			.systemProperty("colour", "dark green")
			.jvmArguments("-Dflag=last one wins", "-XX:MaxMetaspaceSize=200m")
			.maxHeap(DataSize.ofMegabytes(48))
			.environment("SET_FOR_CHILD", "a = b")
			.environment("PATH", null));
		assertThat(child.call("directory", null, String.class)).isEqualTo(directory.toString());
		assertThat(child.call("property", "colour", String.class)).isEqualTo("dark green");
		assertThat(child.call("property", "flag", String.class)).isEqualTo("last one wins");
		assertThat(child.call("flags", null, STRINGS)).contains("-XX:MaxMetaspaceSize=200m", "-XX:+UseSerialGC");
		assertThat(child.call("max-heap", null, Long.class)).isBetween(40L << 20, 48L << 20);
		assertThat(child.call("environment", null, STRING_MAP)).containsEntry("SET_FOR_CHILD", "a = b")
			.containsEntry("HOME", System.getenv("HOME"))
			.doesNotContainKey("PATH");
	}

	@Test
	void standardInputIsEmpty() {
		ChildProcess child = this.processes.fork(StandaloneTemplate.child(TestChild.class));
		assertThat(child.call("input", null, Integer.class)).isEqualTo(-1);
	}

}
