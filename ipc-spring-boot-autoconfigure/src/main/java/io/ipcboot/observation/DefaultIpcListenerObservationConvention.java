package io.ipcboot.observation;

import io.micrometer.common.KeyValues;

/**
 * The default for {@link IpcListenerObservationConvention}.
 */
public class DefaultIpcListenerObservationConvention implements IpcListenerObservationConvention {

	static final DefaultIpcListenerObservationConvention INSTANCE = new DefaultIpcListenerObservationConvention();

	private static final String OPERATION = "handle";

	@Override
	public String getName() {
		return "ipc.listener";
	}

	@Override
	public String getContextualName(IpcListenerObservationContext context) {
		return context.getDestination() + " " + OPERATION;
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(IpcListenerObservationContext context) {
		return WorkerKeys.low(OPERATION, context.getDestination(), context.getWorker().pool(), context.getOutcome());
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(IpcListenerObservationContext context) {
		return WorkerKeys.high(context.getWorker());
	}

}
