package io.ipcboot.observation;

import io.ipcboot.observation.IpcObservationDocumentation.HighCardinalityKeyNames;
import io.micrometer.common.KeyValues;

/**
 * The default for {@link IpcClientObservationConvention}.
 */
public class DefaultIpcClientObservationConvention implements IpcClientObservationConvention {

	static final DefaultIpcClientObservationConvention INSTANCE = new DefaultIpcClientObservationConvention();

	@Override
	public String getName() {
		return "ipc.client";
	}

	@Override
	public String getContextualName(IpcClientObservationContext context) {
		return context.getDestination() + " " + operation(context);
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(IpcClientObservationContext context) {
		return WorkerKeys.low(operation(context), context.getDestination(), context.getPool(), context.getOutcome());
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(IpcClientObservationContext context) {
		return WorkerKeys.high(context.getWorker())
			.and(HighCardinalityKeyNames.ATTEMPT.withValue(String.valueOf(context.getAttempts())));
	}

	private static String operation(IpcClientObservationContext context) {
		return context.isCall() ? "call" : "send";
	}

}
