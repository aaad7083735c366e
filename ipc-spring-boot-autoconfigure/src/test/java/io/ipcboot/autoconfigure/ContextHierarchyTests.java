package io.ipcboot.autoconfigure;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.ProcessTest;
import io.ipcboot.WorkerStartingEvent;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Applications whose contexts have a parent, where auto-configuration runs in both.
 */
@ProcessTest
class ContextHierarchyTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final ParameterizedTypeReference<Map<String, Object>> FACTS = new ParameterizedTypeReference<>() {
	};

	@Test
	@Tag("long")
	void theLastContextServesWithThePoolsOfTheFirst() {
		try (Hierarchy contexts = Hierarchy.run(Child.class, "", "--ipc.server.share=true")) {
			ChildProcessTemplate template = contexts.template();
			assertThat(template.call("child", null, FACTS)).containsEntry("runs", 0)
				.containsEntry("greeting", "parent of the child");
			List<Long> workers = contexts.workers();
			Set<Long> expected = new TreeSet<>(workers);
			expected.add(ProcessHandle.current().pid());
			Set<Long> answered = new TreeSet<>();
			Awaitility.await().atMost(PATIENCE).until(() -> {
				answered.add(contexts.get());
				return answered.equals(expected);
			});
			contexts.child.close();
			assertThat(template.call("root", null, Long.class)).isIn(workers);
			assertThat(contexts.workers()).isEqualTo(workers).hasSize(2);
			assertThat(contexts.root.getBean(Root.Observer.class).starts).hasValue(2);
		}
	}

	@Test
	void theLastContextNeedNotKnowThePools() {
		try (Hierarchy contexts = Hierarchy.run(Ordinary.class, "none")) {
			List<Long> workers = contexts.workers();
			assertThat(contexts.template().call("root", null, Long.class)).isIn(workers);
			contexts.child.close();
			assertThat(contexts.workers()).isEqualTo(workers).hasSize(2);
		}
	}

	@Test
	@Tag("long")
	void anotherContextOnTopStartsNothing() {
		try (Hierarchy contexts = Hierarchy.run(Ordinary.class, "none")) {
			List<Long> workers = contexts.workers();
			try (ConfigurableApplicationContext other = new SpringApplicationBuilder(Child.class).parent(contexts.root)
				.run("--server.port=0", "--spring.main.web-application-type=servlet")) {
				assertThat(other.getBean(ChildProcessTemplate.class)).isSameAs(contexts.template());
			}
			assertThat(contexts.workers()).isEqualTo(workers);
			assertThat(contexts.root.getBean(Root.Observer.class).starts).hasValue(2);
		}
	}

	@Test
	@Tag("long")
	void whereTheLastContextFailsNoPoolRuns() {
		assertThatExceptionOfType(ApplicationContextException.class)
			.isThrownBy(() -> Hierarchy.run(Failing.class, "none"))
			.withStackTraceContaining("fails when the pools run");
		Root root = Objects.requireNonNull(Root.latest);
		try (ConfigurableApplicationContext context = root.context) {
			assertThat(context.isActive()).isTrue();
			assertThat(context.getBean(Root.Observer.class).starts).hasValue(2);
			assertThat(context.getBean(ChildProcessTemplate.class).workers("default")).isEmpty();
		}
	}

	private record Hierarchy(ConfigurableApplicationContext root,
			ConfigurableApplicationContext child) implements AutoCloseable {

		static Hierarchy run(Class<?> child, String type, String... arguments) {
			List<String> all = new ArrayList<>(List.of("--ipc.pools.default.size=2", "--server.port=0",
					"--server.address=127.0.0.1", "--ipc.pools.default.jvm-args=-XX:TieredStopAtLevel=1",
					"--spring.main.web-application-type=" + type, "--spring.main.banner-mode=off",
					"--child=" + child.getName()));
			all.addAll(List.of(arguments));
			ConfigurableApplicationContext context = Root.run(child, all.toArray(String[]::new));
			return new Hierarchy((ConfigurableApplicationContext) Objects.requireNonNull(context.getParent()), context);
		}

		ChildProcessTemplate template() {
			return this.root.getBean(ChildProcessTemplate.class);
		}

		List<Long> workers() {
			return template().workers("default").stream().map(ChildProcess::pid).toList();
		}

		long get() throws Exception {
			int port = ((WebServerApplicationContext) this.child).getWebServer().getPort();
			HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/pid"))
				.header("Connection", "close")
				.timeout(PATIENCE)
				.build();
			HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
			return Long.parseLong(client.send(request, BodyHandlers.ofString()).body());
		}

		@Override
		public void close() {
			List<Long> workers = workers();
			this.child.close();
			this.root.close();
			assertThat(workers).noneMatch((pid) -> ProcessHandle.of(pid).isPresent());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Root.Observer.class)
	static class Root {

		private static final AtomicInteger RUNS = new AtomicInteger();

		private static Root latest;

		private final ConfigurableApplicationContext context;

		Root(ConfigurableApplicationContext context) {
			this.context = context;
			latest = this;
		}

		public static void main(String[] args) throws ClassNotFoundException {
			String prefix = "--child=";
			for (String argument : args) {
				if (argument.startsWith(prefix)) {
					run(Class.forName(argument.substring(prefix.length())), args);
				}
			}
		}

		static ConfigurableApplicationContext run(Class<?> child, String... arguments) {
			return new SpringApplicationBuilder(Root.class).web(WebApplicationType.NONE).child(child).run(arguments);
		}

		@Bean
		CommandLineRunner runner() {
			return (arguments) -> RUNS.incrementAndGet();
		}

		static class Observer {

			private final AtomicInteger starts = new AtomicInteger();

			@IpcListener("root")
			long pid() {
				return ProcessHandle.current().pid();
			}

			@EventListener
			void starting(WorkerStartingEvent event) {
				this.starts.incrementAndGet();
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import({ Side.class, ParentSide.class, Controller.class })
	static class Child {

	}

	@Configuration(proxyBeanMethods = false)
	static class Ordinary {

	}

	@Configuration(proxyBeanMethods = false)
	static class Failing {

		@Bean
		@ConditionalOnIpcRole(IpcRole.PARENT)
		SmartLifecycle failing() {
			return new SmartLifecycle() {

				@Override
				public void start() {
					throw new IllegalStateException("fails when the pools run");
				}

				@Override
				public void stop() {
				}

				@Override
				public boolean isRunning() {
					return false;
				}

			};
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/pid")
		long pid() {
			return ProcessHandle.current().pid();
		}

	}

	@ConditionalOnIpcRole(IpcRole.PARENT)
	static class ParentSide {

		@IpcListener("greeting")
		String greeting() {
			return "parent of the child";
		}

	}

	/** Calls its parent before it is ready. */
	@ConditionalOnIpcRole(IpcRole.WORKER)
	static class Side {

		private final String greeting;

		Side(ParentProcess parent) {
			this.greeting = parent.call("greeting", null, String.class);
		}

		@IpcListener("child")
		Map<String, Object> facts() {
			return Map.of("greeting", this.greeting, "runs", Root.RUNS.get());
		}

	}

}
