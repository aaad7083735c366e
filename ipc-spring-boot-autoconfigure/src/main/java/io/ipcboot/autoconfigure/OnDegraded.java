package io.ipcboot.autoconfigure;

/**
 * What a degraded pool means for the availability of the application.
 */
public enum OnDegraded {

	/** Nothing: the application does without the pool. */
	NONE,

	/** The application refuses traffic until the pool has recovered. */
	REFUSE_TRAFFIC,

	/** The application is broken, and has to be restarted. */
	BROKEN

}
