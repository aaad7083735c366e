package io.ipcboot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.beans.factory.support.AbstractBeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.CommandLineRunner;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Keeps runners from running once in every worker, where the run of their application
 * goes on. {@code SpringApplication} finds them by their type, so what is hidden does not
 * run. The beans exist, as others may need them.
 */
class RunnerSuppression {

	private List<AbstractBeanDefinition> hidden = List.of();

	void hide(ConfigurableApplicationContext context) {
		if (context.getBeanFactory() instanceof DefaultListableBeanFactory beanFactory) {
			// forgets what was found by type
			beanFactory.clearMetadataCache();
			this.hidden = Stream.of(beanFactory.getBeanDefinitionNames())
				.filter((name) -> isRunner(beanFactory, name))
				.map(beanFactory::getMergedBeanDefinition)
				.filter(AbstractBeanDefinition.class::isInstance)
				.map(AbstractBeanDefinition.class::cast)
				.toList();
			this.hidden.forEach((runner) -> runner.setAbstract(true));
		}
	}

	private static boolean isRunner(DefaultListableBeanFactory beanFactory, String name) {
		return beanFactory.isTypeMatch(name, ApplicationRunner.class)
				|| beanFactory.isTypeMatch(name, CommandLineRunner.class);
	}

	void show(ConfigurableApplicationContext context) {
		if (context.getBeanFactory() instanceof DefaultListableBeanFactory beanFactory) {
			this.hidden.forEach((runner) -> runner.setAbstract(false));
			beanFactory.clearMetadataCache();
		}
	}

}
