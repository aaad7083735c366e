package io.ipcboot.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.NothingLeftBehind;
import io.ipcboot.WorkerExitedEvent;
import org.apache.catalina.connector.Connector;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.core.env.Environment;
import org.springframework.web.reactive.DispatcherHandler;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Applications that were not written with workers in mind gain a pool by a property.
 */
@Tag("process")
@ExtendWith(NothingLeftBehind.class)
@Timeout(400)
class ExistingApplicationTests {

	private static final ParameterizedTypeReference<Map<String, Object>> FACTS = new ParameterizedTypeReference<>() {
	};

	private static final String JETTY = "org.springframework.boot.jetty.autoconfigure.servlet.JettyServletWebServerAutoConfiguration";

	@TempDir
	private Path directory;

	@BeforeEach
	void hideTheConfigurationOfTheTests() throws IOException {
		write("application.properties", "spring.main.web-application-type=", "server.port=0",
				"server.address=127.0.0.1", "ipc.pools.default.size=1",
				"ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1");
	}

	@Test
	void aWorkerIsTheWholeApplicationWithoutItsDoors() throws Exception {
		assertWholeApplication(Exiting.class);
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(classes = { Plain.class, Closing.class, Child.class })
	void soItIsWhateverTheMainMethodDoes(Class<?> main) throws Exception {
		assertWholeApplication(main);
	}

	private void assertWholeApplication(Class<?> main) throws Exception {
		assertThat(run(main)).containsEntry("role", "WORKER")
			.containsEntry("dispatcherServlet", true)
			.containsEntry("ports", 0)
			.containsEntry("runs", 0)
			.containsEntry("readyEvents", 1)
			.containsEntry("readiness", "ACCEPTING_TRAFFIC")
			.containsEntry("profiles", "default,worker")
			.containsEntry("exitsOfWorkers", 0);
	}

	@Test
	@Tag("long")
	void aPortThatCodeOpensStaysShutInAWorker() throws Exception {
		assertThat(run(FixedPort.class, Map.of(), "--spring.autoconfigure.exclude=" + JETTY))
			.containsEntry("dispatcherServlet", true)
			.containsEntry("ports", 0);
	}

	@Tag("long")
	@ParameterizedTest
	@ValueSource(strings = { "Tomcat", "Jetty", "Tomcat,Jetty" })
	void aReactiveApplicationHasReactiveWorkers(String withoutServers) throws Exception {
		String excluded = Stream.of(withoutServers.split(","))
			.map((server) -> "org.springframework.boot.%s.autoconfigure.reactive.%sReactiveWebServerAutoConfiguration"
				.formatted(server.toLowerCase(Locale.ROOT), server))
			.collect(Collectors.joining(","));
		assertThat(run(Plain.class, Map.of(), "--spring.main.web-application-type=reactive",
				"--spring.autoconfigure.exclude=" + excluded))
			.containsEntry("dispatcherHandler", true)
			.containsEntry("ports", 0);
	}

	@Test
	@Tag("long")
	void runnersRunInWorkersThatAreToldTo() throws Exception {
		write("application-worker.properties", "ipc.worker.runners=true");
		assertThat(run(Exiting.class)).containsEntry("runs", 1).containsEntry("readyEvents", 1);
	}

	@Test
	@Tag("long")
	void aLighterWorkerIsAChoice() throws Exception {
		write("application-worker.properties", "spring.main.web-application-type=none");
		assertThat(run(Plain.class)).containsEntry("dispatcherServlet", false);
	}

	@Test
	@Tag("long")
	void aGeneralSettingDoesNotSwitchOnWhatIsOffInWorkers() throws Exception {
		append("application.properties", "spring.sql.init.mode=always", "spring.jpa.hibernate.ddlAuto=create",
				"spring.batch.job.enabled=true", "spring.kafka.listener.auto-startup=true", "spring.jmx.enabled=true");
		assertThat(run(Plain.class)).containsEntry("spring.sql.init.mode", "embedded")
			.containsEntry("spring.jpa.hibernate.ddl-auto", "none")
			.containsEntry("spring.batch.job.enabled", "false")
			.containsEntry("spring.kafka.listener.auto-startup", "false")
			.containsEntry("spring.jmx.enabled", "false");
		assertThat(output()).containsOnlyOnce("These general settings do not count here")
			.contains("spring.sql.init.mode=always")
			.contains("spring.jpa.hibernate.ddl-auto=create");
	}

	@Test
	@Tag("long")
	void argumentsAndVariablesOfTheParentAreGeneralSettingsToo() throws Exception {
		assertThat(run(Plain.class, Map.of("SPRING_BATCH_JOB_ENABLED", "true"), "--spring.sql.init.mode=always"))
			.containsEntry("spring.sql.init.mode", "embedded")
			.containsEntry("spring.batch.job.enabled", "false");
	}

	@Test
	@Tag("long")
	void aSettingThatIsMeantForWorkersCounts() throws Exception {
		append("application.properties", "spring.sql.init.mode=always", "for.workers=create",
				"ipc.pools.default.properties.spring.kafka.listener.auto-startup=true",
				"ipc.pools.default.profiles=importing", "#---", "spring.config.activate.on-profile=worker",
				"spring.kafka.streams.auto-startup=true", "#---", "spring.config.activate.on-profile=!production",
				"spring.quartz.auto-startup=true");
		write("application-worker.properties", "spring.sql.init.mode=always",
				"spring.jpa.hibernate.ddl-auto=${for.workers}");
		write("application-importing.properties", "spring.batch.job.enabled=true");
		assertThat(run(Plain.class)).containsEntry("spring.sql.init.mode", "always")
			.containsEntry("spring.kafka.listener.auto-startup", "true")
			.containsEntry("spring.kafka.streams.auto-startup", "true")
			.containsEntry("spring.batch.job.enabled", "true")
			.containsEntry("spring.jpa.hibernate.ddl-auto", "create")
			.containsEntry("spring.quartz.auto-startup", "false");
	}

	@Test
	@Tag("long")
	void whatTheApplicationDoesNotSetKeepsSpringBootsDefault() throws Exception {
		assertThat(run(Plain.class)).doesNotContainKeys("spring.sql.init.mode", "spring.jpa.hibernate.ddl-auto");
	}

	@Test
	@Tag("long")
	void aProfileThatTheParentHasTooIsGeneral() throws Exception {
		write("application-production.properties", "spring.sql.init.mode=always");
		assertThat(run(Plain.class, Map.of(), "--spring.profiles.active=production"))
			.containsEntry("profiles", "production,worker")
			.containsEntry("spring.sql.init.mode", "embedded");
	}

	@Test
	@Tag("long")
	void connectionDetailsThatOnlyTheParentHasReachItsWorkers() throws Exception {
		assertThat(run(WithConnectionDetails.class)).containsEntry("store",
				"[Node[host=10.0.0.1, port=7000], Node[host=10.0.0.2, port=7001]] as reader at tls://store/");
	}

	@Test
	@Tag("long")
	void connectionDetailsThatTheApplicationDefinesAreItsOwn() throws Exception {
		assertThat(run(WithConnectionDetails.class, Map.of(), "--store=own")).containsEntry("store",
				"[Node[host=own, port=1]] as null at null");
	}

	private Map<String, Object> run(Class<?> main) throws Exception {
		return run(main, Map.of());
	}

	private Map<String, Object> run(Class<?> main, Map<String, String> environment, String... arguments)
			throws Exception {
		Path facts = this.directory.resolve("facts.json");
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1",
						"-Djava.io.tmpdir=" + this.directory, "-cp", System.getProperty("java.class.path"),
						main.getName(), "--facts=" + facts));
		command.addAll(List.of(arguments));
		ProcessBuilder builder = new ProcessBuilder(command).directory(this.directory.toFile())
			.redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("output.txt").toFile());
		builder.environment().putAll(environment);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("end of\n%s", output()).isTrue();
			assertThat(process.exitValue()).as(() -> "exit code of\n" + output()).isZero();
		}
		finally {
			process.destroy();
		}
		return JsonMapper.shared().readValue(facts.toFile(), new TypeReference<>() {
		});
	}

	private String output() {
		try {
			return Files.readString(this.directory.resolve("output.txt"));
		}
		catch (IOException ex) {
			return ex.toString();
		}
	}

	private void write(String file, String... lines) throws IOException {
		Files.write(this.directory.resolve(file), List.of(lines));
	}

	private void append(String file, String... lines) throws IOException {
		Path path = this.directory.resolve(file);
		Files.write(path, Stream.concat(Files.readAllLines(path).stream(), Stream.of(lines)).toList());
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Reporter.class)
	static class Application {

		@Bean
		@ConditionalOnProperty("store")
		StoreConnectionDetails ownStore(Environment environment) {
			return () -> List.of(new StoreConnectionDetails.Node(environment.getRequiredProperty("store"), 1));
		}

	}

	static class Plain extends Application {

		public static void main(String[] args) {
			SpringApplication.run(Plain.class, args);
		}

		/** Ends the parent, whose web server would keep it. */
		@Bean
		@ConditionalOnIpcRole(IpcRole.PARENT)
		End end(ApplicationContext context) {
			return new End(context);
		}

	}

	record End(ApplicationContext context) {

		@EventListener
		void end(ApplicationReadyEvent event) {
			new Thread(() -> System.exit(SpringApplication.exit(this.context))).start();
		}

	}

	static class Exiting extends Application {

		public static void main(String[] args) {
			System.exit(SpringApplication.exit(SpringApplication.run(Exiting.class, args)));
		}

	}

	static class Closing extends Application {

		public static void main(String[] args) {
			SpringApplication.run(Closing.class, args).close();
		}

	}

	/** The pool belongs to the parent of the context that serves. */
	@Configuration(proxyBeanMethods = false)
	static class Child {

		public static void main(String[] args) {
			new SpringApplicationBuilder(Child.class).child(Closing.class).run(args).close();
		}

	}

	static class FixedPort extends Plain {

		public static void main(String[] args) {
			SpringApplication.run(FixedPort.class, args);
		}

		@Bean
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> ports() {
			return (factory) -> {
				factory.setPort(0);
				Connector connector = new Connector();
				connector.setPort(0);
				factory.addAdditionalConnectors(connector);
			};
		}

	}

	/** As Testcontainers and Docker Compose support find connections at run time. */
	interface StoreConnectionDetails extends ConnectionDetails {

		List<Node> nodes();

		default @Nullable Login login() {
			return null;
		}

		default @Nullable URI address() {
			return null;
		}

		record Node(String host, int port) {

		}

		interface Login {

			String user();

		}

	}

	static class WithConnectionDetails {

		public static void main(String[] args) {
			SpringApplication.from(Plain::main).with(Found.class).run(args);
		}

		@Configuration(proxyBeanMethods = false)
		static class Found {

			@Bean
			@ConditionalOnMissingBean
			StoreConnectionDetails found() {
				return new StoreConnectionDetails() {

					@Override
					public List<Node> nodes() {
						return List.of(new Node("10.0.0.1", 7000), new Node("10.0.0.2", 7001));
					}

					@Override
					public Login login() {
						return () -> "reader";
					}

					@Override
					public URI address() {
						return URI.create("tls://store/");
					}

				};
			}

		}

	}

	/** Runs in both roles, as the beans of an application do that knows of no role. */
	static class Reporter implements CommandLineRunner {

		private static final List<String> SETTINGS = List.of("spring.sql.init.mode", "spring.jpa.hibernate.ddl-auto",
				"spring.batch.job.enabled", "spring.kafka.streams.auto-startup", "spring.kafka.listener.auto-startup",
				"spring.quartz.auto-startup", "spring.jmx.enabled");

		private final AtomicInteger runs = new AtomicInteger();

		private final AtomicInteger readyEvents = new AtomicInteger();

		private final AtomicInteger exits = new AtomicInteger();

		private final ApplicationContext context;

		private final ChildProcessTemplate workers;

		private final Environment environment;

		Reporter(ApplicationContext context, ChildProcessTemplate workers, Environment environment) {
			this.context = context;
			this.workers = workers;
			this.environment = environment;
		}

		@Override
		public void run(String... args) throws IOException {
			this.runs.incrementAndGet();
			if (IpcRole.current() == IpcRole.PARENT) {
				this.workers.call("facts", null, FACTS);
				Map<String, Object> facts = new TreeMap<>(this.workers.call("facts", null, FACTS));
				facts.put("exitsOfWorkers", this.exits.get());
				JsonMapper.shared().writeValue(Path.of(this.environment.getRequiredProperty("facts")).toFile(), facts);
			}
		}

		@EventListener
		void ready(ApplicationReadyEvent event) {
			this.readyEvents.incrementAndGet();
		}

		@EventListener
		void exited(WorkerExitedEvent event) {
			this.exits.incrementAndGet();
		}

		@IpcListener("facts")
		Map<String, Object> facts() throws IOException {
			Map<String, Object> facts = new TreeMap<>();
			facts.put("role", IpcRole.current());
			facts.put("dispatcherServlet",
					this.context.getBeanProvider(DispatcherServlet.class).getIfAvailable() != null);
			facts.put("dispatcherHandler",
					this.context.getBeanProvider(DispatcherHandler.class).getIfAvailable() != null);
			facts.put("ports", listeningSockets());
			facts.put("runs", this.runs.get());
			facts.put("readyEvents", this.readyEvents.get());
			facts.put("readiness", this.context.getBean(ApplicationAvailability.class).getReadinessState());
			facts.put("profiles", String.join(",", this.environment.getActiveProfiles()));
			this.context.getBeanProvider(StoreConnectionDetails.class)
				.ifUnique((store) -> facts.put("store", "%s as %s at %s".formatted(store.nodes(),
						(store.login() != null) ? store.login().user() : null, store.address())));
			for (String setting : SETTINGS) {
				String value = this.environment.getProperty(setting);
				if (value != null) {
					facts.put(setting, value);
				}
			}
			return facts;
		}

		/** See proc_pid_net(5): state 0A is TCP_LISTEN, the tenth field is the inode. */
		private static long listeningSockets() throws IOException {
			List<String> own;
			try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
				own = descriptors.map(Reporter::target).toList();
			}
			return Stream.of("tcp", "tcp6")
				.flatMap((table) -> lines(Path.of("/proc/self/net", table)))
				.map((line) -> line.trim().split("\\s+"))
				.filter((fields) -> fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]"))
				.count();
		}

		private static Stream<String> lines(Path file) {
			try {
				return Files.readAllLines(file).stream().skip(1);
			}
			catch (IOException ex) {
				return Stream.empty();
			}
		}

		private static String target(Path descriptor) {
			try {
				return Files.readSymbolicLink(descriptor).toString();
			}
			catch (IOException ex) {
				return "";
			}
		}

	}

}
