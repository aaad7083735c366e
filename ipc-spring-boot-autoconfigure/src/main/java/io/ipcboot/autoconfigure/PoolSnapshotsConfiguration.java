package io.ipcboot.autoconfigure;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.IpcRole;
import io.ipcboot.actuate.PoolSnapshots;

import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * What all that shows the pools shares, so that it shows the same.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnIpcRole(IpcRole.PARENT)
class PoolSnapshotsConfiguration {

	@Bean
	@ConditionalOnMissingBean
	PoolSnapshots ipcPoolSnapshots(ChildProcessOperations processes) {
		return new PoolSnapshots(processes);
	}

}
