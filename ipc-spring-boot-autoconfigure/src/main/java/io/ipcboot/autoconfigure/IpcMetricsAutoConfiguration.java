package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcRole;
import io.ipcboot.actuate.PoolMetrics;
import io.ipcboot.actuate.PoolSnapshots;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration for the meters of the pools, which only the parent has.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ ChildProcessOperations.class, MeterRegistry.class })
@ConditionalOnIpcRole(IpcRole.PARENT)
@Import(PoolSnapshotsConfiguration.class)
public final class IpcMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PoolMetrics ipcPoolMetrics(PoolSnapshots snapshots) {
		return new PoolMetrics(snapshots);
	}

}
