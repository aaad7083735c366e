package io.ipcboot;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.pool.PoolSettings;
import org.jspecify.annotations.Nullable;

/**
 * The settings that a forked process takes from this application.
 *
 * @param mainClass the main class of the application, if it is known
 * @param arguments the arguments of the application
 * @param profiles the active profiles of the application
 * @param properties properties that every worker gets over its channel
 * @param limits limits of channels
 * @param callTimeout how long a call may take by default; zero for no limit
 * @param readyTimeout how long a worker may take to start; zero for no limit
 * @param executor runs listeners that take several messages at a time
 * @param converter converts payloads
 * @param listeners the listeners of the application
 * @param interceptors are around what this process sends, and around its listeners
 */
public record ForkDefaults(@Nullable String mainClass, List<String> arguments, List<String> profiles,
		Map<String, String> properties, ChannelOptions limits, Duration callTimeout, Duration readyTimeout,
		Executor executor, PayloadConverter converter, ListenerRegistry listeners, Interceptors interceptors) {

	public ForkDefaults {
		if (callTimeout.isNegative()) {
			throw new IllegalArgumentException("The call timeout must not be negative");
		}
		if (readyTimeout.isNegative()) {
			throw new IllegalArgumentException("The ready timeout must not be negative, but is " + readyTimeout);
		}
		arguments = List.copyOf(arguments);
		profiles = List.copyOf(profiles);
		properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
	}

	/** Return how long a call to a pool may take by default. */
	Duration callTimeout(PoolSettings pool) {
		return (pool.callTimeout() != null) ? pool.callTimeout() : this.callTimeout;
	}

}
