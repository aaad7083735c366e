package io.ipcboot.autoconfigure;

import java.util.List;

import io.ipcboot.ForkOptions;
import io.ipcboot.PoolOptions;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.pool.PoolSettings;
import io.ipcboot.process.CrashFiles;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The defaults are written twice: for properties and for code. Both must be the same.
 */
class DefaultsTests {

	private final Binder nothing = new Binder(new MapConfigurationPropertySource());

	@Test
	void aPoolWithoutPropertiesHasTheDefaultSettings() {
		assertThat(pool().settings()).isEqualTo(PoolSettings.DEFAULT);
	}

	@Test
	void aPoolWithoutPropertiesHasTheDefaultForkOptions() {
		assertThat(pool().fork()).usingRecursiveComparison().isEqualTo(ForkOptions.sameApplication());
	}

	@Test
	void aChannelWithoutPropertiesHasTheDefaultLimits() {
		assertThat(ForkConfiguration.limits(properties())).isEqualTo(ChannelOptions.DEFAULT);
	}

	@Test
	void crashFilesWithoutPropertiesAreTheDefaultOnes() {
		assertThat(properties().crashFiles().toCrashFiles()).isEqualTo(CrashFiles.DEFAULT);
	}

	private PoolOptions pool() {
		return this.nothing.bindOrCreate("ipc.pools.default", PoolProperties.class)
			.toOptions("default", properties().crashFiles().toCrashFiles(), this.nothing, List.of());
	}

	private IpcProperties properties() {
		return this.nothing.bindOrCreate("ipc", IpcProperties.class);
	}

}
