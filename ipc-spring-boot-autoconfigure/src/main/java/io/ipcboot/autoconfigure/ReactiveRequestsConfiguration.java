package io.ipcboot.autoconfigure;

import io.ipcboot.server.ReactiveRequestFilter;
import io.ipcboot.server.ServedRequests;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.server.WebFilter;

/**
 * Marks, counts and limits the requests of a reactive application.
 */
@Configuration(proxyBeanMethods = false)
@Conditional(OnServingProcessCondition.class)
@ConditionalOnWebApplication(type = Type.REACTIVE)
@ConditionalOnClass(WebFilter.class)
class ReactiveRequestsConfiguration {

	@Bean
	ReactiveRequestFilter ipcReactiveRequestFilter(ServedRequests requests) {
		return new ReactiveRequestFilter(requests);
	}

}
