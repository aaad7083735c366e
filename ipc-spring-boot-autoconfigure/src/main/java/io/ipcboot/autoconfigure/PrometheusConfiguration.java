package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.actuate.MergedPrometheusRegistry;
import io.ipcboot.actuate.WorkerMetrics;
import io.ipcboot.actuate.WorkerMetricsListener;
import io.ipcboot.messaging.ListenerRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * The metrics of workers in the scrapes of their parent.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(PrometheusRegistry.class)
@ConditionalOnBean({ ChildProcessTemplate.class, PrometheusRegistry.class })
@ConditionalOnBooleanProperty(name = "ipc.metrics.workers", matchIfMissing = true)
class PrometheusConfiguration {

	/** Knows the workers from their start. */
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	@ConditionalOnIpcRole(IpcRole.PARENT)
	WorkerMetrics ipcWorkerMetrics(ChildProcessTemplate template) {
		WorkerMetrics metrics = new WorkerMetrics();
		template.observe(metrics);
		return metrics;
	}

	@Bean
	@ConditionalOnIpcRole(IpcRole.PARENT)
	static BeanPostProcessor ipcPrometheusRegistryPostProcessor(ObjectProvider<WorkerMetrics> metrics) {
		return new RegistryPostProcessor(metrics);
	}

	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean
	@ConditionalOnIpcRole(IpcRole.WORKER)
	@ConditionalOnBooleanProperty(name = WorkerEnvironmentPostProcessor.ELSEWHERE, havingValue = false,
			matchIfMissing = true)
	WorkerMetricsListener ipcWorkerMetricsListener(ListenerRegistry listeners, PrometheusRegistry registry,
			Environment environment) {
		return new WorkerMetricsListener(listeners, registry, environment.getProperty(WorkerSettings.POOL_TAG, ""),
				environment.getProperty(WorkerSettings.SLOT_TAG, ""));
	}

	/**
	 * Replaces the registry, whoever has defined it. One of a class of its own stays, as
	 * it may be needed as that class.
	 */
	private record RegistryPostProcessor(ObjectProvider<WorkerMetrics> metrics) implements BeanPostProcessor, Ordered {

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			return (bean.getClass() == PrometheusRegistry.class)
					? MergedPrometheusRegistry.of((PrometheusRegistry) bean, this.metrics::getObject) : bean;
		}

		@Override
		public int getOrder() {
			return Ordered.HIGHEST_PRECEDENCE;
		}

	}

}
