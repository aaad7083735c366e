package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import io.ipcboot.ChildProcessOperations;
import io.ipcboot.ChildProcessTemplate;
import io.ipcboot.ForkDefaults;
import io.ipcboot.IpcRole;
import io.ipcboot.ListenerMethods;
import io.ipcboot.ParentProcess;
import io.ipcboot.PoolOptions;
import io.ipcboot.channel.Background;
import io.ipcboot.channel.ChannelOptions;
import io.ipcboot.messaging.Interceptors;
import io.ipcboot.messaging.ListenerRegistry;
import io.ipcboot.messaging.PayloadConverter;
import io.ipcboot.process.CrashFiles;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import tools.jackson.databind.json.JsonMapper;

/**
 * Beans that fork. Workers have the template too: it sends to the pools of the parent,
 * but refuses to fork.
 */
@Configuration(proxyBeanMethods = false)
class ForkConfiguration {

	@Bean
	@ConditionalOnMissingBean(ChildProcessOperations.class)
	ChildProcessTemplate childProcessTemplate(IpcRole role, ParentProcess parent, IpcProperties properties,
			ListenerMethods methods, ListenerRegistry listeners, ObjectProvider<JsonMapper> mapper,
			ObjectProvider<ApplicationArguments> arguments, WorkerEventPublisher events,
			ConfigurableEnvironment environment, ObjectProvider<ConnectionDetailsExport> connectionDetails,
			ListableBeanFactory beanFactory, Interceptors interceptors,
			ObjectProvider<ForkOptionsCustomizer> customizers) {
		PayloadConverter converter = new PayloadConverter(mapper.getIfUnique(() -> JsonMapper.builder().build()),
				Math.toIntExact(properties.maxFrameSize().toBytes()));
		List<String> ownArguments = arguments.stream()
			.flatMap((given) -> Arrays.stream(given.getSourceArgs()))
			.toList();
		Map<String, String> sent = new LinkedHashMap<>();
		List<PoolOptions> pools = List.of();
		if (role == IpcRole.PARENT) {
			sent.putAll(WorkerProperties.of(environment));
			sent.putAll(GeneratedPassword.properties(beanFactory));
			sent.putAll(new Databases(beanFactory, environment).properties());
			connectionDetails.ifAvailable((details) -> sent.putAll(details.properties()));
			pools = pools(properties, Binder.get(environment), customizers.orderedStream().toList());
		}
		ForkDefaults defaults = new ForkDefaults(properties.mainClass(), ownArguments,
				WorkerProperties.profiles(environment), sent, limits(properties), properties.callTimeout(),
				properties.readyTimeout(), listenerExecutor(environment), converter, listeners, interceptors);
		return new ChildProcessTemplate(role, parent, defaults, methods, events, pools, properties.limits());
	}

	@Bean
	static PropertyNameCheck ipcPropertyNameCheck(ConfigurableEnvironment environment) {
		return new PropertyNameCheck(environment);
	}

	@Bean
	WorkerEventPublisher ipcWorkerEventPublisher(ApplicationEventPublisher publisher) {
		return new WorkerEventPublisher(publisher);
	}

	static Executor listenerExecutor(Environment environment) {
		return Threading.VIRTUAL.isActive(environment) ? new VirtualThreadTaskExecutor("ipc-listener-")
				: Background.EXECUTOR;
	}

	static ChannelOptions limits(IpcProperties properties) {
		return new ChannelOptions(Math.toIntExact(properties.maxFrameSize().toBytes()),
				Math.toIntExact(properties.backlog().toBytes()), properties.sendTimeout());
	}

	private static List<PoolOptions> pools(IpcProperties properties, Binder environment,
			List<ForkOptionsCustomizer> customizers) {
		CrashFiles crashFiles = properties.crashFiles().toCrashFiles();
		List<PoolOptions> pools = new ArrayList<>();
		properties.pools()
			.forEach((name, pool) -> pools.add(pool.toOptions(name, crashFiles, environment, customizers)));
		return pools;
	}

}
