package io.ipcboot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Adds the connection details that the parent has sent to a worker's beans, before any
 * configuration is read, as conditions ask for them. They make room for details of the
 * same type that the application itself defines.
 */
class ConnectionDetailsImport implements BeanFactoryPostProcessor {

	private static final Log logger = LogFactory.getLog(ConnectionDetailsImport.class);

	private final Map<String, ConnectionDetails> imported = new LinkedHashMap<>();

	private ConnectionDetailsImport() {
	}

	/**
	 * Add the connection details.
	 * @param context a context that is not yet refreshed
	 * @param received the properties that the parent has sent
	 */
	static void into(ConfigurableApplicationContext context, Map<String, String> received) {
		ConnectionDetailsImport details = new ConnectionDetailsImport();
		ClassLoader classLoader = context.getClassLoader();
		received.forEach((name, value) -> {
			if (name.startsWith(ConnectionDetailsExport.PREFIX)) {
				ConnectionDetails read = new ConnectionDetailsCodec().read(value,
						(classLoader != null) ? classLoader : ConnectionDetailsImport.class.getClassLoader());
				if (read != null) {
					details.register(context, "ipc." + name.substring(ConnectionDetailsExport.PREFIX.length()), read);
				}
			}
		});
		context.addBeanFactoryPostProcessor(details);
	}

	private void register(ConfigurableApplicationContext context, String name, ConnectionDetails details) {
		RootBeanDefinition definition = new RootBeanDefinition(details.getClass());
		definition.setInstanceSupplier(() -> details);
		((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition(name, definition);
		this.imported.put(name, details);
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		this.imported.forEach((name, details) -> {
			boolean twice = ConnectionDetailsCodec.typesOf(details)
				.stream()
				.anyMatch((type) -> beanFactory.getBeanNamesForType(type, true, false).length > 1);
			logger.debug("The connection details '%s' of the parent are %s".formatted(name,
					twice ? "not needed here" : "used"));
			if (twice) {
				((BeanDefinitionRegistry) beanFactory).removeBeanDefinition(name);
			}
		});
	}

}
