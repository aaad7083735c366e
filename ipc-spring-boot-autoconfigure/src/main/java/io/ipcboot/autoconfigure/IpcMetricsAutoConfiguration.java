package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.IpcRole;
import io.ipcboot.ParentProcess;
import io.ipcboot.actuate.ParentMetrics;
import io.ipcboot.actuate.PoolMetrics;
import io.ipcboot.actuate.PoolSnapshots;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration for the meters of the pools, which the parent has, and those of a
 * worker.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ ChildProcessOperations.class, MeterRegistry.class })
@Import({ PoolSnapshotsConfiguration.class, PrometheusConfiguration.class })
public final class IpcMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnIpcRole(IpcRole.PARENT)
	PoolMetrics ipcPoolMetrics(PoolSnapshots snapshots, ObjectProvider<IpcProperties> properties,
			ObjectProvider<ChildProcessTemplate> template) {
		PoolMetrics metrics = new PoolMetrics(snapshots, (pool) -> concurrency(pool, properties.getIfAvailable()));
		template.ifAvailable((observed) -> observed.observeTraffic(metrics));
		return metrics;
	}

	private static int concurrency(String pool, @Nullable IpcProperties properties) {
		PoolProperties settings = (properties != null) ? properties.pools().get(pool) : null;
		return (settings != null) ? settings.concurrency() : 1;
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnIpcRole(IpcRole.WORKER)
	ParentMetrics ipcParentMetrics(ParentProcess parent) {
		return new ParentMetrics(parent);
	}

}
