package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import io.ipcboot.ChildProcess;
import io.ipcboot.ChildProcessOperations;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkOptions;
import io.ipcboot.IpcListener;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.MessageOperations;
import io.ipcboot.MessageSpec;
import io.ipcboot.PoolOperations;
import io.ipcboot.ParentProcess;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.DuplicateListenerException;
import io.ipcboot.messaging.ListenerRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link IpcAutoConfiguration} in the parent, without any fork.
 */
class IpcAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(JacksonAutoConfiguration.class, ValidationAutoConfiguration.class, IpcAutoConfiguration.class));

	@Test
	void offersATemplateAndTheRoleOfTheProcess() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ChildProcessTemplate.class).hasSingleBean(ParentProcess.class);
			assertThat(context.getBean(IpcRole.class)).isEqualTo(IpcRole.PARENT);
		});
	}

	@Test
	void whenDisabledThereIsNothing() {
		this.runner.withPropertyValues("ipc.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ChildProcessOperations.class)
				.doesNotHaveBean(ListenerMethods.class)
				.doesNotHaveBean(ParentProcess.class));
	}

	@Test
	void worksWithoutTheJacksonAutoConfiguration() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(IpcAutoConfiguration.class))
			.withClassLoader(new FilteredClassLoader("jakarta.validation"))
			.run((context) -> assertThat(context).hasSingleBean(ChildProcessTemplate.class));
	}

	@Test
	void whenThereIsAUsersTemplateItBacksOff() {
		this.runner.withUserConfiguration(OwnTemplate.class)
			.run((context) -> assertThat(context).hasSingleBean(ChildProcessOperations.class)
				.doesNotHaveBean(ChildProcessTemplate.class));
	}

	@Test
	void aChildContextUsesThePoolsOfItsParentAndDoesNotRunThemAgain() {
		this.runner.run((parent) -> {
			assertThat(parent.getBeanFactory().getBeanNamesForType(WorkerPoolLifecycle.class)).hasSize(1);
			this.runner.withParent(parent).run((child) -> {
				assertThat(child.getBean(ChildProcessTemplate.class))
					.isSameAs(parent.getBean(ChildProcessTemplate.class));
				assertThat(child.getBeanFactory().getBeanNamesForType(WorkerPoolLifecycle.class)).isEmpty();
			});
		});
	}

	@Test
	void bindsProperties() {
		this.runner
			.withPropertyValues("ipc.call-timeout=5s", "ipc.max-frame-size=1MB", "ipc.pools.special.size=0",
					"ipc.pools.special.profiles=a,b", "ipc.pools.special.max-heap=256MB",
					"ipc.pools.special.concurrency=4", "ipc.pools.special.environment.FOO=bar")
			.run((context) -> {
				IpcProperties properties = context.getBean(IpcProperties.class);
				assertThat(properties.callTimeout()).isEqualTo(Duration.ofSeconds(5));
				assertThat(properties.maxFrameSize()).isEqualTo(DataSize.ofMegabytes(1));
				PoolProperties pool = properties.pools().get("special");
				assertThat(pool.profiles()).containsExactly("a", "b");
				assertThat(pool.maxHeap()).isEqualTo(DataSize.ofMegabytes(256));
				assertThat(pool.concurrency()).isEqualTo(4);
				assertThat(pool.environment()).containsEntry("FOO", "bar");
			});
	}

	@Test
	void anUnknownPoolIsNamedTogetherWithThoseThereAre() {
		this.runner.withPropertyValues("ipc.pools.special.size=0")
			.run((context) -> assertThatIllegalArgumentException()
				.isThrownBy(() -> context.getBean(ChildProcessTemplate.class).to("images"))
				.withMessageContaining("'images'")
				.withMessageContaining("[special]"));
	}

	@Test
	void theParentOfAParentCannotBeReached() {
		this.runner.run((context) -> {
			ParentProcess parent = context.getBean(ParentProcess.class);
			assertThat(parent.isConnected()).isFalse();
			assertThatIllegalStateException().isThrownBy(() -> parent.send("hello"))
				.withMessageContaining("was not forked");
		});
	}

	@Test
	void twoListenersOnOneDestinationFailTheStartAndAreBothNamed() {
		this.runner.withUserConfiguration(TwoListeners.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(DuplicateListenerException.class)
				.hasMessageContaining("'progress'")
				.hasMessageContaining("FirstListener")
				.hasMessageContaining("SecondListener"));
	}

	@Test
	void listenersAreThereAlsoWhereBeansAreLazy() {
		this.runner.withUserConfiguration(TwoListeners.class)
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context).getFailure().isInstanceOf(DuplicateListenerException.class));
	}

	@Test
	void aListenerForWorkersIsNotRegisteredInTheParent() {
		this.runner.withUserConfiguration(WorkerSockets.class).run((context) -> {
			ListenerRegistry registry = context.getBean(ListenerRegistry.class);
			// so the destination is still free
			registry.add("render", (message) -> null);
			assertThatExceptionOfType(DuplicateListenerException.class)
				.isThrownBy(() -> registry.add("progress", (message) -> null));
			assertThatExceptionOfType(DuplicateListenerException.class)
				.isThrownBy(() -> registry.add("restricted", (message) -> null));
		});
	}

	@Test
	void placeholdersInDestinationsAreResolved() {
		this.runner.withPropertyValues("where=somewhere").withUserConfiguration(Placeholder.class).run((context) -> {
			ListenerRegistry registry = context.getBean(ListenerRegistry.class);
			assertThatExceptionOfType(DuplicateListenerException.class)
				.isThrownBy(() -> registry.add("somewhere", (message) -> null));
		});
	}

	@Test
	void poolsStartBeforeTheWebServerAndArePausedWithTheirContext() {
		this.runner.run((context) -> {
			WorkerPoolLifecycle lifecycle = context.getBean(WorkerPoolLifecycle.class);
			assertThat(lifecycle.isPauseable()).isTrue();
			assertThat(lifecycle.getPhase()).isBetween(Integer.MAX_VALUE / 2, Integer.MAX_VALUE - 2048);
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnTemplate {

		@Bean
		ChildProcessOperations template() {
			return new OwnOperations();
		}

	}

	static class OwnOperations implements ChildProcessOperations {

		@Override
		public MessageOperations to(String pool) {
			return this;
		}

		@Override
		public Set<String> pools() {
			return Set.of();
		}

		@Override
		public PoolOperations pool(String name) {
			throw new UnsupportedOperationException();
		}

		@Override
		public boolean isWritable() {
			return false;
		}

		@Override
		public List<ChildProcess> workers(String pool) {
			return List.of();
		}

		@Override
		public Optional<ChildProcess> process(PeerId id) {
			return Optional.empty();
		}

		@Override
		public MessageSpec destination(String destination) {
			throw new UnsupportedOperationException();
		}

		@Override
		public ChildProcess fork(ForkOptions options) {
			throw new UnsupportedOperationException();
		}

		@Override
		public ChildProcess start(ForkOptions options) {
			throw new UnsupportedOperationException();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoListeners {

		@Bean
		FirstListener first() {
			return new FirstListener();
		}

		@Bean
		SecondListener second() {
			return new SecondListener();
		}

	}

	static class FirstListener {

		@IpcListener(destination = "progress", role = IpcRole.PARENT)
		void progress(int percent) {
		}

	}

	static class SecondListener {

		@IpcListener(destination = "progress", role = IpcRole.PARENT)
		void progress(int percent) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class WorkerSockets {

		@Bean
		Renderer renderer() {
			return new Renderer();
		}

		@Bean
		Restricted restricted() {
			return new Restricted();
		}

	}

	static class Renderer {

		@IpcListener("render")
		void render(byte[] image) {
		}

		@IpcListener(destination = "progress", role = { IpcRole.PARENT, IpcRole.WORKER })
		void progress(int percent) {
		}

	}

	@ConditionalOnIpcRole(IpcRole.PARENT)
	static class Restricted {

		@IpcListener("restricted")
		void progress(int percent) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Placeholder {

		@IpcListener(destination = "${where}", role = IpcRole.PARENT)
		void somewhere() {
		}

	}

}
