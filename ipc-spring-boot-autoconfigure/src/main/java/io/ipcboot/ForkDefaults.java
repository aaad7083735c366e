package io.ipcboot;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import org.jspecify.annotations.Nullable;

/**
 * What a fork takes from the application that forks.
 *
 * @param mainClass the main class of the application, as far as it is known
 * @param arguments the arguments of the application
 * @param profiles the active profiles of the application
 * @param properties properties that every worker gets over its channel
 * @param limits limits of channels
 * @param callTimeout how long a call may take by default; zero for no limit
 * @param readyTimeout how long a worker may take to start; zero for no limit
 * @param executor runs listeners that take several messages at a time
 * @param converter converts payloads
 * @param listeners the listeners of the application
 */
public record ForkDefaults(@Nullable String mainClass, List<String> arguments, List<String> profiles,
		Map<String, String> properties, ChannelOptions limits, Duration callTimeout, Duration readyTimeout,
		Executor executor, PayloadConverter converter, ListenerRegistry listeners) {

}
