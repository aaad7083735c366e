package io.ipcboot.compatibility.artemis;

import jakarta.jms.ConnectionFactory;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.jms.annotation.JmsListener;
import org.springframework.jms.config.DefaultJmsListenerContainerFactory;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.jms.listener.DefaultMessageListenerContainer;
import org.springframework.stereotype.Component;

/**
 * An application that sets up consumers of JMS itself.
 */
@SpringBootApplication
public class ArtemisApplication {

	private static final Log logger = LogFactory.getLog(ArtemisApplication.class);

	public static void main(String[] args) {
		SpringApplication.run(ArtemisApplication.class, args);
	}

	@Bean
	DefaultJmsListenerContainerFactory ownFactory(ConnectionFactory connections) {
		DefaultJmsListenerContainerFactory factory = new DefaultJmsListenerContainerFactory();
		factory.setConnectionFactory(connections);
		factory.setAutoStartup(true);
		return factory;
	}

	@Bean
	DefaultMessageListenerContainer returns(ConnectionFactory connections) {
		DefaultMessageListenerContainer container = new DefaultMessageListenerContainer();
		container.setConnectionFactory(connections);
		container.setDestinationName("returns");
		container
			.setMessageListener((jakarta.jms.MessageListener) (message) -> logger.info("Took a return in " + pid()));
		return container;
	}

	@Bean
	CommandLineRunner sender(JmsTemplate jms) {
		return (arguments) -> {
			jms.convertAndSend("orders", "an order");
			jms.convertAndSend("returns", "a return");
		};
	}

	private static long pid() {
		return ProcessHandle.current().pid();
	}

	@Component
	static class Orders {

		@JmsListener(destination = "orders", containerFactory = "ownFactory")
		void take(String order) {
			logger.info("Took %s in %d".formatted(order, pid()));
		}

	}

}
