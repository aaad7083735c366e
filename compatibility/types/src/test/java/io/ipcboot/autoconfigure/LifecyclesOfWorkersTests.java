package io.ipcboot.autoconfigure;

import io.awspring.cloud.sqs.listener.SqsMessageListenerContainer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.config.ListenerContainerFactoryBean;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.cloud.stream.binding.InputBindingLifecycle;
import org.springframework.cloud.stream.binding.OutputBindingLifecycle;
import org.springframework.context.Lifecycle;
import org.springframework.data.redis.config.RedisListenerEndpointRegistry;
import org.springframework.data.redis.listener.RedisMessageListenerContainer;
import org.springframework.integration.config.ConsumerEndpointFactoryBean;
import org.springframework.integration.config.SourcePollingChannelAdapterFactoryBean;
import org.springframework.integration.endpoint.EventDrivenConsumer;
import org.springframework.integration.endpoint.PollingConsumer;
import org.springframework.integration.endpoint.ReactiveMessageSourceProducer;
import org.springframework.integration.endpoint.SourcePollingChannelAdapter;
import org.springframework.integration.gateway.GatewayProxyFactoryBean;
import org.springframework.integration.jdbc.channel.PostgresChannelMessageTableSubscriber;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.jca.endpoint.GenericMessageEndpointManager;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.jms.listener.DefaultMessageListenerContainer;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.listener.ConcurrentMessageListenerContainer;
import org.springframework.kafka.listener.ContainerGroupSequencer;
import org.springframework.kafka.listener.ShareKafkaMessageListenerContainer;
import org.springframework.kafka.requestreply.ReplyingKafkaTemplate;
import org.springframework.messaging.simp.broker.SimpleBrokerMessageHandler;
import org.springframework.messaging.simp.stomp.StompBrokerRelayMessageHandler;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.pulsar.config.PulsarListenerEndpointRegistry;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;
import org.springframework.scheduling.quartz.SchedulerFactoryBean;
import org.springframework.web.socket.client.WebSocketConnectionManager;
import org.springframework.web.socket.client.standard.AnnotatedEndpointConnectionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which types of the libraries a worker does not start.
 */
@Tag("long")
class LifecyclesOfWorkersTests {

	private final WorkerLifecycleProcessor processor = new WorkerLifecycleProcessor(new MockEnvironment(), false);

	@ParameterizedTest
	@ValueSource(classes = { KafkaListenerEndpointRegistry.class, ConcurrentMessageListenerContainer.class,
			ShareKafkaMessageListenerContainer.class, ContainerGroupSequencer.class, ReplyingKafkaTemplate.class,
			StreamsBuilderFactoryBean.class, RabbitListenerEndpointRegistry.class, DirectMessageListenerContainer.class,
			ListenerContainerFactoryBean.class, JmsListenerEndpointRegistry.class,
			DefaultMessageListenerContainer.class, GenericMessageEndpointManager.class,
			RedisMessageListenerContainer.class, RedisListenerEndpointRegistry.class,
			PulsarListenerEndpointRegistry.class, SqsMessageListenerContainer.class, InputBindingLifecycle.class,
			SourcePollingChannelAdapter.class, SourcePollingChannelAdapterFactoryBean.class,
			ReactiveMessageSourceProducer.class, PostgresChannelMessageTableSubscriber.class,
			LockRegistryLeaderInitiator.class, WebSocketConnectionManager.class,
			AnnotatedEndpointConnectionManager.class, SchedulerFactoryBean.class })
	void whatConsumesIsNotStarted(Class<? extends Lifecycle> type) {
		assertThat(isClosed(type)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(classes = { DefaultKafkaProducerFactory.class, CachingConnectionFactory.class,
			OutputBindingLifecycle.class, EventDrivenConsumer.class, PollingConsumer.class,
			ConsumerEndpointFactoryBean.class, GatewayProxyFactoryBean.class, SimpleBrokerMessageHandler.class,
			StompBrokerRelayMessageHandler.class, ThreadPoolTaskScheduler.class })
	void whatOtherBeansUseIsStarted(Class<? extends Lifecycle> type) {
		assertThat(isClosed(type)).isFalse();
	}

	private boolean isClosed(Class<? extends Lifecycle> type) {
		return this.processor.isClosed(type);
	}

}
