package io.ipcboot.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkDefaults;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.PoolOptions;
import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.HandlerMethodListenerFactory;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import tools.jackson.databind.json.JsonMapper;
import org.springframework.format.support.DefaultFormattingConversionService;

/**
 * Templates like those of an application, created without Spring.
 */
public final class Templates {

	private Templates() {
	}

	/**
	 * Create a template.
	 * @param pools its pools
	 * @return the template, which the caller must stop
	 */
	public static ChildProcessTemplate create(PoolOptions... pools) {
		ChannelOptions limits = ChannelOptions.DEFAULT;
		ForkDefaults defaults = new ForkDefaults(null, List.of(), List.of(), Map.of(), limits, Duration.ofSeconds(30),
				Duration.ofSeconds(30), Background.EXECUTOR,
				new PayloadConverter(JsonMapper.builder().build(), limits.maxFrameSize()), new ListenerRegistry(),
				Interceptors.NONE);
		ListenerMethods methods = new ListenerMethods(
				new HandlerMethodListenerFactory(new DefaultFormattingConversionService(), null, null, List.of()),
				(name) -> name, (type) -> Set.of(IpcRole.PARENT));
		return new ChildProcessTemplate(IpcRole.PARENT, defaults, methods, (event) -> {
		}, List.of(pools));
	}

}
