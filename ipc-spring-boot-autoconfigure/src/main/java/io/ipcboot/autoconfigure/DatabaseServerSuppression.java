package io.ipcboot.autoconfigure;

import java.util.List;

import org.springframework.beans.factory.support.MergedBeanDefinitionPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;

/**
 * Keeps the database servers that are beans of the application from opening their ports
 * in every worker. They have no lifecycle that the container knows, only a method that
 * starts them.
 */
class DatabaseServerSuppression implements MergedBeanDefinitionPostProcessor {

	private static final List<String> SERVERS = List.of("org.h2.tools.Server", "org.hsqldb.server.Server");

	@Override
	public void postProcessMergedBeanDefinition(RootBeanDefinition definition, Class<?> type, String name) {
		if (Types.isOneOf(SERVERS, type)) {
			InitMethods.suppress(definition);
		}
	}

}
