package io.ipcboot.autoconfigure;

import java.util.function.Supplier;

import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.channel.PeerId;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.observation.IpcClientObservationConvention;
import io.ipcboot.observation.IpcClientObservationInterceptor;
import io.ipcboot.observation.IpcListenerObservationConvention;
import io.ipcboot.observation.IpcListenerObservationInterceptor;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for observations of messages and calls, in the parent and in
 * workers.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean({ Interceptors.class, ObservationRegistry.class })
@ConditionalOnBooleanProperty(name = "ipc.observation.enabled", matchIfMissing = true)
public final class IpcObservationAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	IpcClientObservationInterceptor ipcClientObservationInterceptor(ObservationRegistry registry, IpcRole role,
			ObjectProvider<ParentProcess> parent, ObjectProvider<IpcClientObservationConvention> convention) {
		return new IpcClientObservationInterceptor(registry, self(role, parent), convention.getIfAvailable());
	}

	@Bean
	@ConditionalOnMissingBean
	IpcListenerObservationInterceptor ipcListenerObservationInterceptor(ObservationRegistry registry, IpcRole role,
			ObjectProvider<ParentProcess> parent, ObjectProvider<IpcListenerObservationConvention> convention) {
		return new IpcListenerObservationInterceptor(registry, self(role, parent), convention.getIfAvailable());
	}

	private static Supplier<@Nullable PeerId> self(IpcRole role, ObjectProvider<ParentProcess> parent) {
		return (role == IpcRole.WORKER) ? () -> parent.getObject().self() : () -> null;
	}

}
