package io.ipcboot.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * The name and keys of the observations of what this process sends. A bean of this type
 * replaces {@link DefaultIpcClientObservationConvention}.
 */
public interface IpcClientObservationConvention extends ObservationConvention<IpcClientObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof IpcClientObservationContext;
	}

}
