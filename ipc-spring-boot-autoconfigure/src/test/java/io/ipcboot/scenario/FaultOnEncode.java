package io.ipcboot.scenario;

/**
 * A reply that goes off when it becomes JSON.
 */
final class FaultOnEncode {

	private final Fault fault;

	FaultOnEncode(Fault fault) {
		this.fault = fault;
	}

	public String getFault() {
		this.fault.strike();
		return this.fault.name();
	}

}
