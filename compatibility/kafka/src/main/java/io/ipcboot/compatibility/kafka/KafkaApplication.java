package io.ipcboot.compatibility.kafka;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.ContainerGroupSequencer;
import org.springframework.stereotype.Component;

/**
 * An application that sets up consumers of Kafka itself.
 */
@SpringBootApplication
public class KafkaApplication {

	private static final Log logger = LogFactory.getLog(KafkaApplication.class);

	public static void main(String[] args) {
		SpringApplication.run(KafkaApplication.class, args);
	}

	@Bean
	ConcurrentKafkaListenerContainerFactory<String, String> ownFactory(ConsumerFactory<String, String> consumers) {
		ConcurrentKafkaListenerContainerFactory<String, String> factory = new ConcurrentKafkaListenerContainerFactory<>();
		factory.setConsumerFactory(consumers);
		factory.setAutoStartup(true);
		factory.setConcurrency(2);
		return factory;
	}

	/** Starts its containers itself, whatever their factory says. */
	@Bean
	ContainerGroupSequencer sequencer(KafkaListenerEndpointRegistry registry) {
		return new ContainerGroupSequencer(registry, 60_000, "later");
	}

	@Bean
	CommandLineRunner sender(KafkaTemplate<String, String> kafka) {
		return (arguments) -> {
			kafka.send("orders", "an order").join();
			kafka.send("returns", "a return").join();
		};
	}

	@Component
	static class Listeners {

		@KafkaListener(id = "orders", topics = "orders", containerFactory = "ownFactory")
		void take(String order) {
			logger.info("Took %s in %d".formatted(order, ProcessHandle.current().pid()));
		}

		@KafkaListener(id = "returns", topics = "returns", containerFactory = "ownFactory", containerGroup = "later",
				autoStartup = "false")
		void takeBack(String order) {
			logger.info("Took back %s in %d".formatted(order, ProcessHandle.current().pid()));
		}

	}

}
