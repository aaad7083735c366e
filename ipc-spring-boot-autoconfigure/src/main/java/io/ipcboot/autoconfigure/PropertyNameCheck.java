package io.ipcboot.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.ipcboot.IpcRole;
import io.ipcboot.process.ChannelEnvironment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses properties under {@code ipc} that do not exist: a limit with a misspelled name
 * would be no limit. A variable is only reported, since it may be meant for another
 * program.
 */
class PropertyNameCheck implements BeanFactoryPostProcessor {

	private static final Log logger = LogFactory.getLog(PropertyNameCheck.class);

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(KnownProperties.PREFIX);

	/** What a parent sets for its workers. */
	private static final List<String> OWN_VARIABLES = List.of(ChannelEnvironment.VARIABLE,
			ChannelEnvironment.INODE_VARIABLE);

	private final ConfigurableEnvironment environment;

	PropertyNameCheck(ConfigurableEnvironment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
		KnownProperties known = KnownProperties.load(getClass().getClassLoader());
		List<UnknownPropertyException.Unknown> unknown = new ArrayList<>();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variables) {
				if (IpcRole.current() == IpcRole.PARENT) {
					// workers inherit them
					report(known, variables);
				}
			}
			else if (source instanceof IterableConfigurationPropertySource names) {
				names.stream()
					.filter((name) -> PREFIX.isAncestorOf(name) && !known.contains(name))
					.map((name) -> unknown(known, name, names.getConfigurationProperty(name)))
					.forEach(unknown::add);
			}
		}
		if (!unknown.isEmpty()) {
			throw new UnknownPropertyException(unknown);
		}
	}

	private static UnknownPropertyException.Unknown unknown(KnownProperties known, ConfigurationPropertyName name,
			@Nullable ConfigurationProperty property) {
		String origin = (property != null && property.getOrigin() != null) ? property.getOrigin().toString() : null;
		return new UnknownPropertyException.Unknown(name.toString(), origin, known.nearest(name).orElse(null));
	}

	private static void report(KnownProperties known, SystemEnvironmentPropertySource variables) {
		for (String name : variables.getPropertyNames()) {
			if (name.regionMatches(true, 0, "IPC_", 0, 4) && !OWN_VARIABLES.contains(name)
					&& !known.containsVariable(name)) {
				logger.warn("The environment variable %s has no effect: it is no property under 'ipc'".formatted(name));
			}
		}
	}

}
