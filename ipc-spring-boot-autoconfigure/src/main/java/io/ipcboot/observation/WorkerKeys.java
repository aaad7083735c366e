package io.ipcboot.observation;

import io.ipcboot.channel.PeerId;
import io.ipcboot.observation.IpcObservationDocumentation.HighCardinalityKeyNames;
import io.ipcboot.observation.IpcObservationDocumentation.LowCardinalityKeyNames;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import org.jspecify.annotations.Nullable;

/**
 * The keys that both observations of a message have. They have the same values on both
 * sides, so that the sides can be compared.
 */
final class WorkerKeys {

	private WorkerKeys() {
	}

	static KeyValues low(String operation, String destination, @Nullable String pool, ExchangeOutcome outcome) {
		return KeyValues.of(LowCardinalityKeyNames.SYSTEM.withValue("ipc"),
				LowCardinalityKeyNames.OPERATION.withValue(operation),
				LowCardinalityKeyNames.DESTINATION.withValue(destination),
				LowCardinalityKeyNames.POOL.withValue((pool != null) ? pool : KeyValue.NONE_VALUE),
				LowCardinalityKeyNames.OUTCOME.withValue(outcome.value()));
	}

	static KeyValues high(@Nullable PeerId worker) {
		return KeyValues.of(HighCardinalityKeyNames.SLOT.withValue(number((worker != null) ? worker.slot() : -1)),
				HighCardinalityKeyNames.PID.withValue(number((worker != null) ? worker.pid() : -1)));
	}

	private static String number(long value) {
		return (value >= 0) ? String.valueOf(value) : KeyValue.NONE_VALUE;
	}

}
