package io.ipcboot.compatibility.kafka;

import io.ipcboot.compatibility.ApplicationFacts;
import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import static org.assertj.core.api.Assertions.assertThat;

class KafkaApplicationTests extends ApplicationTests {

	private static final String REGISTRY = "org.springframework.kafka.config.internalKafkaListenerEndpointRegistry";

	@Test
	void onlyTheParentConsumes() throws Exception {
		EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, 2, "orders", "returns");
		broker.afterPropertiesSet();
		try (RunningApplication application = start(KafkaApplication.class, Mode.POOL,
				"--spring.kafka.bootstrap-servers=" + broker.getBrokersAsString(),
				"--spring.kafka.consumer.auto-offset-reset=earliest", "--spring.kafka.listener.auto-startup=true")) {
			ApplicationFacts facts = application.facts();
			application.await("consumption", () -> {
				assertThat(application.lines("Took an order in " + facts.parent().pid())).hasSize(1);
				assertThat(application.lines("Took back a return in " + facts.parent().pid())).hasSize(1);
			});
			assertThat(facts.parent().running()).contains(REGISTRY);
			assertThat(facts.workers())
				.noneMatch((worker) -> worker.running().contains(REGISTRY) || worker.running().contains("sequencer"));
			assertThat(application.lines("Subscribed to topic")).as("consumers, two for each topic").hasSize(4);
		}
		finally {
			broker.destroy();
		}
	}

}
