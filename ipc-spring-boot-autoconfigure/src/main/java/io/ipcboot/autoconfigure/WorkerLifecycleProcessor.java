package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.FactoryBean;
import org.springframework.context.Lifecycle;
import org.springframework.context.support.DefaultLifecycleProcessor;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.Environment;

/**
 * Starts everything in a worker but what would make it a second server or a second
 * consumer beside the parent: web servers and servers of other protocols, containers of
 * message listeners, schedulers, pollers. They are known by their types, so those that
 * the application has set up in code are among them. The beans exist nevertheless, as
 * others may need them.
 */
class WorkerLifecycleProcessor extends DefaultLifecycleProcessor {

	private static final List<String> WEB_SERVERS = List.of(
			"org.springframework.boot.web.server.servlet.context.WebServerStartStopLifecycle",
			"org.springframework.boot.web.server.reactive.context.WebServerStartStopLifecycle");

	private static final List<String> OTHER_SERVERS = List.of(
			"org.springframework.boot.actuate.autoconfigure.web.server.ChildManagementContextInitializer",
			"org.springframework.boot.rsocket.context.RSocketServerBootstrap",
			"org.springframework.grpc.server.lifecycle.GrpcServerLifecycle",
			"org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory",
			"org.springframework.cloud.client.serviceregistry.AutoServiceRegistration");

	/** Types of consumers, by the settings that keep them. */
	private static final Map<String, List<String>> CONSUMERS = consumers();

	private final Environment environment;

	private final boolean serving;

	WorkerLifecycleProcessor(Environment environment, boolean serving) {
		this.environment = environment;
		this.serving = serving;
	}

	private static Map<String, List<String>> consumers() {
		Map<String, List<String>> consumers = new LinkedHashMap<>();
		consumers.put("spring.kafka.listener.auto-startup",
				List.of("org.springframework.kafka.config.KafkaListenerEndpointRegistry",
						"org.springframework.kafka.listener.MessageListenerContainer",
						"org.springframework.kafka.listener.ContainerGroupSequencer",
						"org.springframework.kafka.requestreply.ReplyingKafkaTemplate"));
		consumers.put("spring.kafka.streams.auto-startup",
				List.of("org.springframework.kafka.config.StreamsBuilderFactoryBean"));
		List<String> rabbit = List.of("org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry",
				"org.springframework.amqp.core.MessageListenerContainer");
		consumers.put("spring.rabbitmq.listener.simple.auto-startup", rabbit);
		consumers.put("spring.rabbitmq.listener.direct.auto-startup", rabbit);
		consumers.put("spring.jms.listener.auto-startup",
				List.of("org.springframework.jms.config.JmsListenerEndpointRegistry",
						"org.springframework.jms.listener.MessageListenerContainer",
						"org.springframework.jca.endpoint.GenericMessageEndpointManager"));
		consumers.put("spring.data.redis.listener.auto-startup",
				List.of("org.springframework.data.redis.config.RedisListenerEndpointRegistry",
						"org.springframework.data.redis.listener.RedisMessageListenerContainer"));
		consumers.put("spring.quartz.auto-startup",
				List.of("org.springframework.scheduling.quartz.SchedulerFactoryBean"));
		consumers.put(WorkerSettings.CONSUMERS.property(),
				List.of("org.springframework.pulsar.config.GenericListenerEndpointRegistry",
						"org.springframework.pulsar.config.GenericReaderEndpointRegistry",
						"org.springframework.pulsar.listener.PulsarMessageListenerContainer",
						"org.springframework.pulsar.reader.PulsarMessageReaderContainer",
						"org.springframework.data.redis.stream.StreamMessageListenerContainer",
						"org.springframework.data.mongodb.core.messaging.MessageListenerContainer",
						"org.springframework.integration.endpoint.SourcePollingChannelAdapter",
						"org.springframework.integration.endpoint.MessageProducerSupport",
						"org.springframework.integration.gateway.MessagingGatewaySupport",
						"org.springframework.integration.jdbc.channel.PostgresChannelMessageTableSubscriber",
						"org.springframework.integration.support.leader.LockRegistryLeaderInitiator",
						"org.springframework.web.socket.client.ConnectionManagerSupport",
						"org.springframework.cloud.stream.binding.InputBindingLifecycle",
						"io.awspring.cloud.sqs.listener.MessageListenerContainerRegistry",
						"io.awspring.cloud.sqs.listener.MessageListenerContainer"));
		return consumers;
	}

	@Override
	protected Map<String, Lifecycle> getLifecycleBeans() {
		Map<String, Lifecycle> beans = super.getLifecycleBeans();
		beans.values().removeIf((bean) -> !bean.isRunning() && isClosed(bean.getClass()));
		return beans;
	}

	boolean isClosed(Class<?> type) {
		if (isOneOf(WEB_SERVERS, type)) {
			return !this.serving;
		}
		if (isOneOf(OTHER_SERVERS, type)) {
			return true;
		}
		List<String> settings = CONSUMERS.entrySet()
			.stream()
			.filter((consumers) -> isOneOf(consumers.getValue(), type))
			.map(Map.Entry::getKey)
			.toList();
		return !settings.isEmpty() && !WorkerSettings.CONSUMERS.isKept(this.environment) && settings.stream()
			.noneMatch((setting) -> this.environment.getProperty(setting, Boolean.class, false));
	}

	/** A factory may start what it makes. */
	private static boolean isOneOf(List<String> names, Class<?> type) {
		return Types.isOneOf(names, type)
				|| Types.isOneOf(names, ResolvableType.forClass(type).as(FactoryBean.class).getGeneric().resolve());
	}

}
