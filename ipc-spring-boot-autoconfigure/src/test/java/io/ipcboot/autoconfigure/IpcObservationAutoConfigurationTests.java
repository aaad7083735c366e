package io.ipcboot.autoconfigure;

import io.ipcboot.messaging.IpcClientInterceptor;
import io.ipcboot.messaging.IpcListenerInterceptor;
import io.ipcboot.observation.DefaultIpcClientObservationConvention;
import io.ipcboot.observation.IpcClientObservationConvention;
import io.ipcboot.observation.IpcClientObservationInterceptor;
import io.ipcboot.observation.IpcListenerObservationInterceptor;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IpcObservationAutoConfiguration} in the parent, without any fork.
 */
class IpcObservationAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(IpcAutoConfiguration.class, IpcObservationAutoConfiguration.class));

	@Test
	void whenThereIsARegistryMessagesAreObserved() {
		this.runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.run((context) -> assertThat(context).hasSingleBean(IpcClientObservationInterceptor.class)
				.hasSingleBean(IpcListenerObservationInterceptor.class));
	}

	@Test
	void whenThereIsNoRegistryThereIsNoInterceptor() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(IpcClientInterceptor.class)
			.doesNotHaveBean(IpcListenerInterceptor.class));
	}

	@Test
	void whenDisabledThereIsNoInterceptor() {
		this.runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withPropertyValues("ipc.observation.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(IpcClientInterceptor.class)
				.doesNotHaveBean(IpcListenerInterceptor.class));
	}

	@Test
	void whenIpcIsDisabledThereIsNoInterceptor() {
		this.runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withPropertyValues("ipc.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(IpcClientInterceptor.class));
	}

	@Test
	void worksWithoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(IpcObservationAutoConfiguration.class)
				.doesNotHaveBean(IpcClientInterceptor.class));
	}

	@Test
	void aUsersInterceptorReplacesOurs() {
		IpcClientObservationInterceptor own = new IpcClientObservationInterceptor(ObservationRegistry.NOOP, () -> null,
				null);
		this.runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withBean(IpcClientObservationInterceptor.class, () -> own)
			.run((context) -> assertThat(context.getBean(IpcClientObservationInterceptor.class)).isSameAs(own));
	}

	@Test
	void aUsersConventionIsUsed() {
		IpcClientObservationConvention own = new DefaultIpcClientObservationConvention() {

			@Override
			public String getName() {
				return "own.client";
			}

		};
		this.runner.withBean(ObservationRegistry.class, ObservationRegistry::create)
			.withBean(IpcClientObservationConvention.class, () -> own)
			.run((context) -> assertThat(context.getBean(IpcClientObservationInterceptor.class))
				.extracting("convention")
				.isSameAs(own));
	}

}
