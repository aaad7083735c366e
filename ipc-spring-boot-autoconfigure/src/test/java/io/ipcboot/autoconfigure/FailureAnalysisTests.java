package io.ipcboot.autoconfigure;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.ipcboot.ForkOptions;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.pool.WorkerStartException;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a user reads who has configured something that cannot be.
 */
class FailureAnalysisTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, IpcAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "call-timeout", "ready-timeout", "shutdown-timeout", "send-timeout" })
	void aTimeThatIsNegative(String property) {
		this.runner.withPropertyValues("ipc." + property + "=-1s").run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription() + analysis.getAction())
				.contains("'ipc.%s' must not be negative, but is PT-1S".formatted(property));
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			size=-1                     | size must be at least 0, but is -1
			size=many                   | size must be a number or "auto", but is "many"
			spares=-1                   | spares must be at least 0
			concurrency=0               | concurrency must be at least 1, but is 0
			prefetch=-1                 | prefetch must be at least 0
			queue-capacity=-5           | queue-capacity must be at least 0, but is -5
			queue-timeout=-1s           | queue-timeout must not be negative
			call-timeout=-1s            | call-timeout must not be negative
			kill-grace=-1s              | kill-grace must not be negative
			drain-timeout=-1s           | drain-timeout must not be negative
			heartbeat.timeout=1s        | heartbeat.timeout must be longer than the interval
			restart.backoff.initial=0s  | restart.backoff.initial must be positive
			restart.backoff.jitter=2    | restart.backoff.jitter must be from 0 to 1
			restart.budget.deaths=0     | restart.budget.deaths must be at least 1
			restart.probe-interval=0s   | restart.probe-interval must be positive
			recycle.max-calls=-1        | recycle.max-calls must be at least 0
			recycle.max-memory.soft=-1B | recycle.max-memory.soft must be at least 0
			recycle.parallel=0          | recycle.parallel must be at least 1
			quarantine.after=0          | quarantine.after must be at least 1
			quarantine.for=0s           | quarantine.for must be positive
			retry.limit=-1              | retry.limit must be at least 0
			nice=25                     | nice must be from 0 to 19, but is 25
			processors=-1               | processors must not be negative
			max-heap=1B                 | max-heap must be at least 2 MB
			jvm-args=Xmx64m             | is no flag for the JVM
			jvm-args=-Xss1m verbose     | is no flag for the JVM
			jvm-args[0]=zone=UTC        | is no flag for the JVM
			jvm-args=-jar other.jar     | names another program
			""")
	void aValueOfAPoolThatCannotBe(String property, String problem) {
		this.runner.withPropertyValues("ipc.pools.thumbnails." + property).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("thumbnails").contains(problem);
			assertThat(analysis.getAction()).contains("ipc.pools.thumbnails");
		});
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					size=2, jvm-args=-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=*:5005 | ADDRESS | only one of the 2 workers can listen
					spares=1, jvm-args=-Dcom.sun.management.jmxremote.port=9010                           | =9010    | only one of the 2 workers can listen
					size=3, jvm-args=-javaagent:/opt/exporter.jar=127.0.0.1:9404:/etc/exporter.yml        | :9404:    | only one of the 3 workers can listen
					max-heap=64MB, jvm-args=-Xss1m -Xmx128m                                               | -Xmx128m | max-heap
					size=auto, jvm-args=-XX:MaxRAMPercentage=50                                           | =50      | max-heap
					""")
	void flagsThatContradictThePool(String properties, String flag, String problem) {
		String[] values = Arrays.stream(properties.split(", (?=jvm-args)"))
			.map((value) -> "ipc.pools.thumbnails." + value)
			.toArray(String[]::new);
		this.runner.withPropertyValues(values).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("thumbnails")
				.contains(flag.equals("ADDRESS") ? "address=*:5005" : flag)
				.contains(problem);
			assertThat(analysis.getAction()).contains("ipc.pools.thumbnails");
		});
	}

	@ParameterizedTest
	@MethodSource
	void aBeanThatContradictsThePool(ForkOptionsCustomizer customizer, String property, String problem) {
		this.runner.withBean(ForkOptionsCustomizer.class, () -> customizer)
			.withPropertyValues("ipc.pools.thumbnails." + property)
			.run((context) -> {
				FailureAnalysis analysis = analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("thumbnails").contains(problem);
				assertThat(analysis.getAction()).contains("ipc.pools.thumbnails").contains("ForkOptionsCustomizer");
			});
	}

	static Stream<Object[]> aBeanThatContradictsThePool() {
		return Stream.of(customizer((options) -> options.nice(25), "size=1", "nice must be from 0 to 19, but is 25"),
				customizer((options) -> options.jvmArguments("-Xmx128m"), "max-heap=64MB", "has '-Xmx128m'"),
				customizer((options) -> options.maxHeap(DataSize.ofMegabytes(64)), "jvm-args=-Xmx128m", "max-heap"),
				customizer((options) -> options.jvmArguments("-Dcom.sun.management.jmxremote.port=9010"), "size=2",
						"only one of the 2 workers can listen"),
				customizer((options) -> options.channel(false), "size=1", "needs a channel"));
	}

	private static Object[] customizer(Consumer<ForkOptions> change, String property, String problem) {
		ForkOptionsCustomizer customizer = (pool, options) -> change.accept(options);
		return new Object[] { customizer, property, problem };
	}

	@ParameterizedTest
	@CsvSource({ "size, 1000000", "spares, 1000000", "size, 2147483647" })
	void moreWorkersThanTheMachineCanBear(String property, String value) {
		this.runner.withPropertyValues("ipc.pools.thumbnails." + property + "=" + value).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("in pool 'thumbnails'").contains("There may be at most ");
			assertThat(analysis.getAction()).contains("ipc.max-workers").contains("ipc.pools.<name>.size");
		});
	}

	@Test
	void thePoolsTogetherHaveTooManyWorkers() {
		this.runner
			.withPropertyValues("ipc.max-workers=3", "ipc.pools.a.size=2", "ipc.pools.b.size=1", "ipc.pools.b.spares=1")
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription())
				.isEqualTo("There may be at most 3 workers, but 4 were asked for: 2 in pool 'a', 2 in pool 'b'"));
	}

	@ParameterizedTest
	@CsvSource({ "max-workers", "parallel-starts" })
	void aLimitOfNoWorkers(String property) {
		this.runner.withPropertyValues("ipc." + property + "=0")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessage("'ipc." + property + "' must be at least 1, but is 0"));
	}

	@Test
	void twoListenersForOneDestination() {
		this.runner.withUserConfiguration(TwoListeners.class).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("greet").contains("TwoListeners");
			assertThat(analysis.getAction()).contains("@IpcListener");
		});
	}

	@Test
	void aListenerWhoseResultNobodyWouldRun() {
		this.runner.withUserConfiguration(StreamListener.class).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("StreamListener.numbers")
				.contains("nothing would run the reactor.core.publisher.Flux that it returns");
			assertThat(analysis.getAction()).isEqualTo("Streams are not supported: return a list.");
		});
	}

	@Test
	void aListenerForAPoolThatDoesNotExist() {
		this.runner.withUserConfiguration(PoolListener.class)
			.withPropertyValues("ipc.pools.thumbnails.size=0", "ipc.pools.reports.size=0")
			.run((context) -> {
				FailureAnalysis analysis = analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("PoolListener#progress")
					.contains("for 'progress'")
					.contains("workers of 'thumbnail'")
					.contains("only these pools exist: 'reports', 'thumbnails'");
				assertThat(analysis.getAction()).contains("probably to 'thumbnails'")
					.contains("ipc.pools.thumbnail.size");
			});
		this.runner.withUserConfiguration(PoolListener.class)
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription())
				.contains("workers of 'reports', 'thumbnail'")
				.contains("no pool is configured"));
	}

	@Test
	void aListenerForPoolsThatExist() {
		this.runner.withUserConfiguration(PoolListener.class)
			.withPropertyValues("ipc.pools.thumbnails.size=0", "ipc.pools.reports.size=0", "pool=thumbnails")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	/** It listens in workers, whose parent has pools of its own. */
	@Test
	void whatOnlyListensInWorkersNeedsNoPools() {
		this.runner.withUserConfiguration(WorkerListener.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void aSharedServerWithoutAnybodyToServe() {
		try {
			new SpringApplicationBuilder(NothingElse.class)
				.properties("server.port=0", "ipc.server.share=true", "spring.main.banner-mode=off")
				.run("--spring.main.web-application-type=servlet")
				.close();
			throw new AssertionError("It has started");
		}
		catch (RuntimeException ex) {
			FailureAnalysis analysis = analyze(ex);
			assertThat(analysis.getDescription()).contains("default");
			assertThat(analysis.getAction()).contains("ipc.pools.default.size").contains("ipc.server.pool");
		}
	}

	@Test
	void aStartThatIsBrokenOffHasNothingToFix() {
		assertThat(analyze(new WorkerStartException(null, "broken off", new InterruptedException())).getAction())
			.startsWith("None");
	}

	/** As Spring Boot does. */
	private static FailureAnalysis analyze(@Nullable Throwable failure) {
		assertThat(failure).isNotNull();
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.FailureHandler.logging(LogFactory.getLog(FailureAnalysisTests.class)))
			.stream()
			.map((analyzer) -> analyzer.analyze(failure))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow(() -> new AssertionError("Nobody explains this", failure));
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoListeners {

		@IpcListener(destination = "greet", role = IpcRole.PARENT)
		String first() {
			return "first";
		}

		@IpcListener(destination = "greet", role = IpcRole.PARENT)
		String second() {
			return "second";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PoolListener {

		@IpcListener(destination = "progress", role = IpcRole.PARENT, from = { "${pool:thumbnail}", "reports" })
		void progress(int percent) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WorkerListener {

		@IpcListener(destination = "progress", from = "thumbnail")
		void progress(int percent) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class StreamListener {

		@IpcListener("numbers")
		Flux<Integer> numbers() {
			return Flux.just(1, 2);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class NothingElse {

	}

}
