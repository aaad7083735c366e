package io.ipcboot.compatibility;

import io.ipcboot.ChildProcessTemplate;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * Observes the processes of an application that knows nothing of them.
 */
@AutoConfiguration
@ConditionalOnProperty(FactsSocket.PROPERTY)
class FactsAutoConfiguration {

	@Bean
	FactsSocket factsSocket(ConfigurableApplicationContext context, ChildProcessTemplate template) {
		return new FactsSocket(context, template);
	}

}
