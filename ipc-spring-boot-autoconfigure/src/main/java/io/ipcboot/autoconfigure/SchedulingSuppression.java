package io.ipcboot.autoconfigure;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.config.TaskManagementConfigUtils;

/**
 * Keeps {@code @Scheduled} methods from running once in every worker.
 */
class SchedulingSuppression implements BeanDefinitionRegistryPostProcessor {

	private final Environment environment;

	SchedulingSuppression(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		String processor = TaskManagementConfigUtils.SCHEDULED_ANNOTATION_PROCESSOR_BEAN_NAME;
		if (registry.containsBeanDefinition(processor) && !WorkerSettings.SCHEDULING.isKept(this.environment)) {
			registry.removeBeanDefinition(processor);
		}
	}

}
