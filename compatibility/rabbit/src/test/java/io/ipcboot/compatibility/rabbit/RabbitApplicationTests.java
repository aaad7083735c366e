package io.ipcboot.compatibility.rabbit;

import io.ipcboot.compatibility.ApplicationFacts;
import io.ipcboot.compatibility.ApplicationTests;
import io.ipcboot.compatibility.Mode;
import io.ipcboot.compatibility.RunningApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RabbitApplicationTests extends ApplicationTests {

	private static final String REGISTRY = "org.springframework.amqp.rabbit.config.internalRabbitListenerEndpointRegistry";

	/** There is no broker at this port, so the parent tries again and again. */
	@Test
	void onlyTheParentConsumes() throws Exception {
		try (RunningApplication application = start(RabbitApplication.class, Mode.POOL, "--spring.rabbitmq.port=1",
				"--spring.main.keep-alive=true", "--logging.level.org.springframework.amqp=off")) {
			ApplicationFacts facts = application.facts();
			assertThat(facts.parent().running()).contains(REGISTRY, "returns");
			assertThat(facts.workers()).noneMatch((worker) -> worker.running().contains(REGISTRY))
				.noneMatch((worker) -> worker.running().contains("returns"));
		}
	}

}
