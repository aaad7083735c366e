package io.ipcboot.docs.guide.listening;

import java.util.List;

import io.ipcboot.IpcListenerConfigurer;

import org.springframework.core.MethodParameter;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;
import org.springframework.stereotype.Component;

// tag::resolver[]
@Component
class DeskResolver implements IpcListenerConfigurer, HandlerMethodArgumentResolver {

	@Override
	public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
		resolvers.add(this);
	}

	@Override
	public boolean supportsParameter(MethodParameter parameter) {
		return parameter.getParameterType() == Desk.class;
	}

	@Override
	public Object resolveArgument(MethodParameter parameter, Message<?> message) {
		return new Desk(message.getHeaders().getOrDefault("desk", "reception").toString());
	}

}
// end::resolver[]
