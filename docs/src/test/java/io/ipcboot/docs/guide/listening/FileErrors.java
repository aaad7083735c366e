package io.ipcboot.docs.guide.listening;

import java.io.IOException;

import io.ipcboot.messaging.IpcListenerInterceptor;
import io.ipcboot.messaging.IpcMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.stereotype.Component;

// tag::translation[]
@Component
class FileErrors implements IpcListenerInterceptor {

	@Override
	public @Nullable Object intercept(IpcMessage message, Invocation invocation) throws Exception {
		try {
			return invocation.proceed();
		}
		catch (IOException ex) {
			throw new IllegalStateException("A file cannot be read"); // <1>
		}
	}

}
// end::translation[]
