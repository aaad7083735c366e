package io.ipcboot.messaging;

import org.jspecify.annotations.Nullable;
import org.springframework.messaging.handler.invocation.InvocableHandlerMethod;

/**
 * A listener that is a method of some object.
 */
final class HandlerMethodListener implements Listener {

	private final InvocableHandlerMethod method;

	private final int concurrency;

	HandlerMethodListener(InvocableHandlerMethod method, int concurrency) {
		this.method = method;
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

}
