package io.ipcboot;

import java.util.List;

import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolver;

/**
 * Adds to what the parameters of listeners may be. Beans of this type are found in a
 * parent and in workers; they are called once, in the order of
 * {@link org.springframework.core.annotation.Order}, when the first listener is
 * registered. Other beans that are argument resolvers are not used, as they may be meant
 * for web sockets, for example.
 */
@FunctionalInterface
public interface IpcListenerConfigurer {

	/**
	 * Add resolvers for the parameters of {@link IpcListener} methods and of their
	 * exception handlers. A resolver is asked for a parameter that would otherwise get
	 * the payload: one that has no annotation for headers, and not the type of a message,
	 * handle or sender. The first that supports the parameter resolves it, on the
	 * listener's thread. Resolvers are used by several threads. The message is an
	 * {@link io.ipcboot.messaging.IpcMessage}.
	 * @param resolvers the resolvers of earlier configurers, to which to add
	 */
	void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers);

}
