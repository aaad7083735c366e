package io.ipcboot.autoconfigure;

import java.time.Duration;
import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the endpoint {@code ipc}.
 *
 * @param timeout Maximum time an action on a pool may take before the answer says that
 * the action is still under way.
 * @param showOutput When to show the last lines and the thread dump of a worker.
 * @param roles Roles used to determine whether a user is authorized to be shown output.
 * When empty, all authenticated users are authorized.
 */
@ConfigurationProperties("management.endpoint.ipc")
record IpcEndpointProperties(@DefaultValue("10s") Duration timeout, @DefaultValue("never") Show showOutput,
		@DefaultValue Set<String> roles) {

}
