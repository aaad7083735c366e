package io.ipcboot.autoconfigure;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcRole;
import io.ipcboot.actuate.PoolHealthIndicator;
import io.ipcboot.actuate.PoolSnapshots;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * Auto-configuration for the health of the pools, which only the parent has.
 */
@AutoConfiguration(after = IpcAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(ChildProcessOperations.class)
@ConditionalOnIpcRole(IpcRole.PARENT)
@ConditionalOnEnabledHealthIndicator("ipc")
@Import(PoolSnapshotsConfiguration.class)
public final class IpcHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "ipcHealthIndicator", "ipcHealthContributor" })
	CompositeHealthContributor ipcHealthContributor(ChildProcessOperations processes, PoolSnapshots snapshots) {
		Map<String, PoolHealthIndicator> pools = processes.pools()
			.stream()
			.collect(Collectors.toMap(Function.identity(), (pool) -> new PoolHealthIndicator(snapshots, pool)));
		return CompositeHealthContributor.fromMap(pools);
	}

}
