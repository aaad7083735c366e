package io.ipcboot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * The name and keys of the observations of listeners. A bean of this type replaces
 * {@link DefaultIpcListenerObservationConvention}.
 */
public interface IpcListenerObservationConvention extends ObservationConvention<IpcListenerObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof IpcListenerObservationContext;
	}

}
