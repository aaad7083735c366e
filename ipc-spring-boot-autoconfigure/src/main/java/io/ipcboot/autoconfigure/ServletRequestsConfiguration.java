package io.ipcboot.autoconfigure;

import io.ipcboot.server.ServedRequests;
import io.ipcboot.server.ServletRequestFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Marks, counts and limits the requests of a servlet application.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnWebApplication(type = Type.SERVLET)
@ConditionalOnClass({ Filter.class, FilterRegistrationBean.class })
class ServletRequestsConfiguration {

	@Bean
	FilterRegistrationBean<ServletRequestFilter> ipcServletRequestFilter(ServedRequests requests) {
		FilterRegistrationBean<ServletRequestFilter> registration = new FilterRegistrationBean<>(
				new ServletRequestFilter(requests));
		registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
		registration.setDispatcherTypes(DispatcherType.REQUEST);
		return registration;
	}

}
