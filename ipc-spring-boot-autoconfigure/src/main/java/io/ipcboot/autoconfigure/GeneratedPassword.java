package io.ipcboot.autoconfigure;

import java.util.Map;
import java.util.Set;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ListableBeanFactory;

/**
 * The password that Spring Boot generates for its default user. Each process would
 * generate one of its own.
 */
final class GeneratedPassword {

	private static final Set<String> PROPERTIES = Set
		.of("org.springframework.boot.security.autoconfigure.SecurityProperties");

	private static final Set<String> USERS = Set.of(
			"org.springframework.security.provisioning.InMemoryUserDetailsManager",
			"org.springframework.security.core.userdetails.MapReactiveUserDetailsService");

	private GeneratedPassword() {
	}

	/**
	 * Return the property that gives workers the parent's password.
	 * @param beanFactory the beans of the parent
	 * @return the property, if the password is generated and used
	 */
	static Map<String, String> properties(ListableBeanFactory beanFactory) {
		if (Types.beansOf(USERS, beanFactory).isEmpty()) {
			return Map.of();
		}
		return Types.beansOf(PROPERTIES, beanFactory)
			.stream()
			.map((name) -> property(beanFactory.getBean(name)))
			.findFirst()
			.orElse(Map.of());
	}

	private static Map<String, String> property(Object securityProperties) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(securityProperties);
		return Boolean.TRUE.equals(properties.getPropertyValue("user.passwordGenerated"))
				? Map.of("spring.security.user.password", String.valueOf(properties.getPropertyValue("user.password")))
				: Map.of();
	}

}
