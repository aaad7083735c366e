package io.ipcboot.autoconfigure;

/**
 * What happens with {@linkplain Risk risks} that are found at the start.
 */
public enum RiskMode {

	/** They are logged. */
	WARN,

	/** The application does not start. */
	FAIL,

	/** They are not looked for. */
	IGNORE

}
