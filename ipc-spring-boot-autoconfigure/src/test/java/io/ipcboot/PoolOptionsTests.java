package io.ipcboot;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.process.CrashFiles;
import io.ipcboot.process.ProcessOutput;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Options that a caller owns: a pool neither changes them nor sees later changes.
 */
class PoolOptionsTests {

	private static final PoolSettings SETTINGS = PoolSettings.DEFAULT;

	@Test
	void aPoolDoesNotChangeTheOptionsOfItsCaller() {
		ForkOptions shared = ForkOptions.sameApplication().concurrency(7);
		PoolOptions narrow = new PoolOptions("narrow", SETTINGS.withConcurrency(1), shared);
		PoolOptions wide = new PoolOptions("wide", SETTINGS.withConcurrency(3), shared);
		try (StandaloneTemplate template = new StandaloneTemplate(narrow, wide)) {
			assertThat(template.template().pools()).containsExactly("narrow", "wide");
			assertThat(shared.concurrency).isEqualTo(7);
		}
	}

	@Test
	void aPoolDoesNotSeeWhatItsCallerChangesLater() {
		ForkOptions shared = ForkOptions.sameApplication().profiles("first").property("a", "1");
		PoolOptions first = new PoolOptions("first", 1, shared);
		PoolOptions second = new PoolOptions("second", 1,
				shared.profiles("second").property("b", "2").concurrency(3).nice(5).arguments("--late"));
		assertThat(first.fork().profiles).containsExactly("first");
		assertThat(first.fork().properties).containsOnlyKeys("a");
		assertThat(first.fork().concurrency).isEqualTo(1);
		assertThat(first.fork().nice).isZero();
		assertThat(first.fork().arguments).isNull();
		assertThat(second.fork().profiles).containsExactly("first", "second");
		assertThat(second.settings().concurrency()).isEqualTo(3);
		first.fork().profiles("third");
		assertThat(first.fork().profiles).containsExactly("first");
	}

	@Test
	void aCopyHasAllThatTheOriginalHas() {
		ForkOptions options = ForkOptions.program("cat", "-")
			.channel(true)
			.profiles("p")
			.arguments("a")
			.systemProperty("s", "1")
			.property("p", "2")
			.environment("E", null)
			.inheritEnvironment("PATH")
			.commandPrefix("prlimit")
			.nice(3)
			.processors(2)
			.heapDump()
			.crashFiles(new CrashFiles(Path.of("/tmp/x"), 1))
			.outputLimit(null)
			.directory(Path.of("/tmp"))
			.jvmArguments("-Xint")
			.javaHome(Path.of("/java"))
			.maxHeap(DataSize.ofMegabytes(64))
			.output(ProcessOutput.DISCARD)
			.timeout(Duration.ofSeconds(1))
			.readyTimeout(Duration.ofSeconds(2))
			.killSignal("SIGINT")
			.acceptHandles()
			.concurrency(4);
		assertThat(options).hasNoNullFieldsOrPropertiesExcept("outputLimit");
		assertThat(options.copy()).isNotSameAs(options).usingRecursiveComparison().isEqualTo(options);
	}

	@Test
	void whatEveryForkTakesFromTheApplicationIsCopied() {
		List<String> arguments = new ArrayList<>(List.of("--a"));
		List<String> profiles = new ArrayList<>(List.of("b"));
		Map<String, String> properties = new LinkedHashMap<>(Map.of("c", "d"));
		ForkDefaults defaults = new ForkDefaults(null, arguments, profiles, properties, ChannelOptions.DEFAULT,
				Duration.ZERO, Duration.ZERO, Background.EXECUTOR,
				new PayloadConverter(JsonMapper.builder().build(), ChannelOptions.DEFAULT.maxFrameSize()),
				new ListenerRegistry(), Interceptors.NONE);
		arguments.clear();
		profiles.clear();
		properties.clear();
		assertThat(defaults.arguments()).containsExactly("--a");
		assertThat(defaults.profiles()).containsExactly("b");
		assertThat(defaults.properties()).containsEntry("c", "d");
	}

}
