package io.ipcboot.messaging;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.invocation.HandlerMethodArgumentResolverComposite;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A listener that is a method of some object.
 */
final class HandlerMethodListener implements Listener {

	private final Invocable method;

	private final int concurrency;

	HandlerMethodListener(Object bean, Method method, int concurrency, HandlerMethodArgumentResolverComposite resolvers,
			HandleArgumentResolver handles) {
		this.method = new Invocable(bean, method, handles);
		this.method.setMessageMethodArgumentResolvers(resolvers);
		this.concurrency = concurrency;
	}

	@Override
	public @Nullable Object onMessage(IpcMessage message) throws Exception {
		return this.method.invoke(message);
	}

	@Override
	public int concurrency() {
		return this.concurrency;
	}

	@Override
	public String describe() {
		return this.method.getShortLogMessage();
	}

	/**
	 * Adopts the handle when all other arguments are there: if one of them cannot be
	 * resolved nobody would close what the handle had become.
	 */
	private static final class Invocable extends InvocableHandlerMethod {

		private final HandleArgumentResolver handles;

		Invocable(Object bean, Method method, HandleArgumentResolver handles) {
			super(bean, method);
			this.handles = handles;
		}

		@Override
		protected @Nullable Object[] getMethodArgumentValues(Message<?> message, @Nullable Object... provided)
				throws Exception {
			@Nullable Object[] arguments = super.getMethodArgumentValues(message, provided);
			for (int i = 0; i < arguments.length; i++) {
				if (arguments[i] == HandleArgumentResolver.PENDING) {
					arguments[i] = this.handles.adopt(getMethodParameters()[i], (IpcMessage) message);
				}
			}
			return arguments;
		}

	}

}
