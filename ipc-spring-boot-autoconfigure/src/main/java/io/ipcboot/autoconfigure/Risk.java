package io.ipcboot.autoconfigure;

import java.util.Locale;

/**
 * What may go wrong in an application that becomes several processes, though each of them
 * works as it should. Risks are reported when the application starts, see
 * {@code ipc.risks}.
 */
public enum Risk {

	/** A database in memory: each process has one of its own. */
	IN_MEMORY_DATABASE("Each process has a database of its own and does not see the data of the others",
			"Use a database server, or let one process alone use the database"),

	/** A database in a file that one process at a time can open. */
	SINGLE_PROCESS_DATABASE("Only one process at a time can open the database, so workers cannot start",
			"Use a database server, or add AUTO_SERVER=TRUE to the URL of an H2 database"),

	/** A server of another protocol that runs inside the application. */
	EMBEDDED_SERVER("Each process has a server of its own and does not see the messages or entries of the others",
			"Use a server outside of the application"),

	/** Sessions of HTTP or SockJS in memory, with a port that several processes share. */
	IN_MEMORY_SESSION("Sessions are in the memory of one process, while the next request may reach another one",
			"Use Spring Session with a database or Redis for HTTP sessions, or set ipc.server.scheduling=sticky"),

	/** Tokens, logins or messages in memory, with a port that several processes share. */
	IN_MEMORY_STATE("The state is in the memory of one process, while the next request may reach another one",
			"Use the implementation for a database or a message broker"),

	/** A cache that each process fills for itself. */
	LOCAL_CACHE("Each process fills a cache of its own, so what one process evicts stays in the others",
			"Use a cache server, or let entries expire soon"),

	/** A listener of the application that runs when the application has started. */
	LISTENER_AT_START("A listener runs at the start of every worker too",
			"Make it a CommandLineRunner, or restrict it with @ConditionalOnIpcRole(IpcRole.PARENT)"),

	/** Details of a connection that were found at run time and cannot be sent. */
	CONNECTION_DETAILS("They cannot be sent to workers, which connect to what their properties say",
			"Set the properties of the connection");

	private final String effect;

	private final String remedy;

	Risk(String effect, String remedy) {
		this.effect = effect;
		this.remedy = remedy;
	}

	/** Return the name by which the configuration and the guide know this risk. */
	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String effect() {
		return this.effect;
	}

	String remedy() {
		return this.remedy;
	}

}
