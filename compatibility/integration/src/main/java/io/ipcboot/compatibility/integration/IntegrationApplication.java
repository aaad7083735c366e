package io.ipcboot.compatibility.integration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ImportResource;
import org.springframework.context.event.EventListener;
import org.springframework.integration.annotation.InboundChannelAdapter;
import org.springframework.integration.annotation.MessagingGateway;
import org.springframework.integration.annotation.Poller;
import org.springframework.integration.annotation.ServiceActivator;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.Pollers;

/**
 * An application that polls in the three ways of Spring Integration: with an annotation,
 * a flow and XML. Its gateway is for calls from within.
 */
@SpringBootApplication
@ImportResource("classpath:polling.xml")
public class IntegrationApplication {

	private static final Log logger = LogFactory.getLog(IntegrationApplication.class);

	public static void main(String[] args) {
		SpringApplication.run(IntegrationApplication.class, args);
	}

	@InboundChannelAdapter(channel = "polled", poller = @Poller(fixedDelay = "100"))
	String annotated() {
		return poll("annotation");
	}

	@Bean
	IntegrationFlow flow() {
		return IntegrationFlow
			.fromSupplier(() -> poll("flow"), (adapter) -> adapter.poller(Pollers.fixedDelay(100)).id("flowPoller"))
			.channel("polled")
			.get();
	}

	@Bean
	Polled polledByXml() {
		return () -> poll("xml");
	}

	private static String poll(String by) {
		return "by %s in %d".formatted(by, ProcessHandle.current().pid());
	}

	@ServiceActivator(inputChannel = "polled")
	void handle(String message) {
		logger.info("Polled " + message);
	}

	/** Runs in all processes. */
	@EventListener
	void greetAtStart(ApplicationReadyEvent event) {
		logger.info("%s in %d".formatted(event.getApplicationContext().getBean(Greetings.class).greet("Ada"),
				ProcessHandle.current().pid()));
	}

	@ServiceActivator(inputChannel = "greeting")
	String greet(String name) {
		return "Hello " + name;
	}

	/**
	 * Something that XML names.
	 */
	public interface Polled {

		/**
		 * Return the next message.
		 */
		String next();

	}

	/**
	 * Calls from within.
	 */
	@MessagingGateway(defaultRequestChannel = "greeting")
	public interface Greetings {

		/**
		 * Greet somebody.
		 * @param name whom
		 */
		String greet(String name);

	}

}
