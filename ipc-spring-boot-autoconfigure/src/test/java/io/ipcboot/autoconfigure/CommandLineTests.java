package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ProcessTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The properties that are command lines, from their text to the arguments of a JVM.
 */
@ProcessTest
class CommandLineTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, IpcAutoConfiguration.class))
		.withPropertyValues("ipc.pools.reports.size=0");

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
			-Xss1m -XX:+UseParallelGC                    | -Xss1m;-XX:+UseParallelGC
			-agentlib:jdwp=transport=dt_socket,server=y  | -agentlib:jdwp=transport=dt_socket,server=y
			"-Dname=John Smith" -Da=                     | -Dname=John Smith;-Da=
			-Dname='John "J" Smith'                      | -Dname=John "J" Smith
			-Dname=John\\ Smith -Db=\\\\                 | -Dname=John Smith;-Db=\\
			"-Dp=C:\\dir \\"x\\" \\\\"                   | -Dp=C:\\dir "x" \\
			-a '' ""                                     | -a;;
			-Dlist=1,-2,3                                | -Dlist=1,-2,3
			""")
	void aTextIsSeparatedAsOnACommandLine(String line, String expected) {
		assertThat(CommandLine.parse(line)).containsExactly(expected.split(";", -1));
		assertThat(CommandLine.parse("  " + line.replace(" -", " \n\t-") + " "))
			.containsExactly(expected.split(";", -1));
	}

	@Test
	void nothingIsNoArgument() {
		assertThat(CommandLine.parse(" \n ")).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "-Xss1m, -XX:+UseParallelGC", "-Duser.timezone=UTC,-Xss1m", "setpriv,--reuid=nobody",
			"-a,", "-Da='b", "-Da=\"b", "-Da=b\\" })
	void whatIsNoCommandLineIsRefused(String line) {
		assertThatIllegalArgumentException().isThrownBy(() -> CommandLine.parse(line))
			.withMessageContaining(line)
			.withMessageContaining("Separate arguments by spaces");
	}

	@Test
	void aTextIsACommandLine() {
		this.runner
			.withPropertyValues("ipc.pools.reports.jvm-args= -Xss1m  -Da='1 2',3",
					"ipc.pools.reports.args=--a='1 2' --b=3,4", "ipc.pools.reports.profiles=a,b")
			.run((context) -> {
				assertThat(arguments(context, "jvm-args", PoolProperties::jvmArgs)).containsExactly("-Xss1m",
						"-Da=1 2,3");
				assertThat(arguments(context, "args", PoolProperties::args)).containsExactly("--a=1 2", "--b=3,4");
				assertThat(pool(context).profiles()).as("no command line").containsExactly("a", "b");
			});
	}

	@Test
	void anElementOfAListIsOneArgument() {
		this.runner
			.withPropertyValues("ipc.pools.reports.jvm-args[0]=-Dname=John Smith",
					"ipc.pools.reports.args[0]=--quote=\"", "ipc.pools.reports.args[1]=a,b")
			.run((context) -> {
				assertThat(arguments(context, "jvm-args", PoolProperties::jvmArgs))
					.containsExactly("-Dname=John Smith");
				assertThat(arguments(context, "args", PoolProperties::args)).containsExactly("--quote=\"", "a,b");
			});
	}

	@Test
	void aVariableIsACommandLineToo() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
						Map.of("IPC_POOLS_REPORTS_JVMARGS", "-Xss1m -Dname='John Smith'"))))
			.run((context) -> assertThat(arguments(context, "jvm-args", PoolProperties::jvmArgs))
				.containsExactly("-Xss1m", "-Dname=John Smith"));
	}

	@Test
	void aLineThatIsNoneFailsTheStart() {
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("line", Map.of("ipc.pools.reports.jvm-args", "-Xss1m, -Xlog:gc"))))
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("separates arguments by commas"));
	}

	@Test
	void theJvmGetsEachFlagAsAnArgument() throws IOException {
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(WorkerTestApplication.class).run(
				"--ipc.pools.default.size=1", "--ipc.pools.others.size=0",
				"--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1 -Xss1m -Duser.timezone=Europe/Berlin "
						+ "'-Dname=John Smith' -agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0",
				"--ipc.pools.default.command-prefix=nice -n 3", "--spring.main.web-application-type=none",
				"--spring.main.banner-mode=off")) {
			long pid = context.getBean(ChildProcessTemplate.class).workers("default").get(0).pid();
			List<String> arguments = List.of(Files.readString(Path.of("/proc/" + pid + "/cmdline")).split("\0"));
			assertThat(arguments).containsSubsequence("-XX:TieredStopAtLevel=1", "-Xss1m",
					"-Duser.timezone=Europe/Berlin", "-Dname=John Smith",
					"-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=0");
		}
	}

	private static List<String> arguments(AssertableApplicationContext context, String property,
			Function<PoolProperties, List<String>> bound) {
		return CommandLine.arguments(bound.apply(pool(context)), Binder.get(context.getEnvironment()),
				"ipc.pools.reports." + property);
	}

	private static PoolProperties pool(AssertableApplicationContext context) {
		return context.getBean(IpcProperties.class).pools().get("reports");
	}

}
