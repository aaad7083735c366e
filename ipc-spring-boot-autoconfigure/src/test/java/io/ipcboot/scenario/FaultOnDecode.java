package io.ipcboot.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;

/**
 * A payload that goes off when it is made from JSON.
 */
final class FaultOnDecode {

	private FaultOnDecode() {
	}

	@JsonCreator
	static FaultOnDecode of(String fault) {
		Fault.valueOf(fault).strike();
		return new FaultOnDecode();
	}

}
