package io.ipcboot.compatibility.rabbit;

import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.amqp.rabbit.config.ListenerContainerFactoryBean;
import org.springframework.amqp.rabbit.config.SimpleRabbitListenerContainerFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.adapter.MessageListenerAdapter;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Component;

/**
 * An application that sets up consumers of RabbitMQ itself.
 */
@SpringBootApplication
public class RabbitApplication {

	public static void main(String[] args) {
		SpringApplication.run(RabbitApplication.class, args);
	}

	@Bean
	SimpleRabbitListenerContainerFactory orders(ConnectionFactory connections) {
		SimpleRabbitListenerContainerFactory factory = new SimpleRabbitListenerContainerFactory();
		factory.setConnectionFactory(connections);
		factory.setAutoStartup(true);
		return factory;
	}

	/** As the XML namespace of Spring AMQP does it. */
	@Bean
	static ListenerContainerFactoryBean returns(ConnectionFactory connections) {
		ListenerContainerFactoryBean container = new ListenerContainerFactoryBean();
		container.setConnectionFactory(connections);
		container.setQueueNames("returns");
		container.setMessageListener(new MessageListenerAdapter());
		return container;
	}

	@Component
	static class Orders {

		@RabbitListener(queues = "orders", containerFactory = "orders")
		void take(String order) {
			throw new IllegalStateException("There is no broker");
		}

	}

}
