package io.ipcboot.docs.guide.travelling;

import io.ipcboot.messaging.IpcClientInterceptor;
import io.ipcboot.messaging.IpcListenerInterceptor;
import io.ipcboot.messaging.IpcMessage;
import io.ipcboot.messaging.OutgoingExchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import org.springframework.stereotype.Component;

/**
 * What every message carries.
 */
// tag::interceptor[]
@Component
class TenantPropagation implements IpcClientInterceptor, IpcListenerInterceptor {

	@Override
	public void beforeSend(OutgoingExchange exchange) {
		String tenant = MDC.get("tenant");
		if (tenant != null) {
			exchange.header("tenant", tenant);
		}
	}

	@Override
	public @Nullable Object intercept(IpcMessage message, Invocation invocation) throws Exception {
		Object tenant = message.getHeaders().get("tenant");
		if (tenant == null) {
			return invocation.proceed();
		}
		MDC.put("tenant", tenant.toString());
		try {
			return invocation.proceed();
		}
		finally {
			MDC.remove("tenant");
		}
	}

}
// end::interceptor[]
