package io.ipcboot.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the endpoint {@code ipc}.
 *
 * @param timeout Maximum time an action on a pool may take before the answer says that
 * the action is still under way.
 */
@ConfigurationProperties("management.endpoint.ipc")
record IpcEndpointProperties(@DefaultValue("10s") Duration timeout) {

}
