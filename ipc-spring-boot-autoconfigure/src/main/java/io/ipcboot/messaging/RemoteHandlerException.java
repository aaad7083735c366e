package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * A listener in the other process failed. The failure arrives as text only: no class that
 * the other process names is ever loaded.
 */
public class RemoteHandlerException extends IpcException {

	private final RemoteFailure failure;

	RemoteHandlerException(@Nullable PeerId peer, String destination, RemoteFailure failure) {
		super(peer, "'%s' failed with %s%s".formatted(destination, failure.type(),
				failure.message().isEmpty() ? "" : ": " + failure.message()));
		this.failure = failure;
	}

	/**
	 * Return the class name of the exception in the other process.
	 * @return a class name
	 */
	public String getRemoteType() {
		return this.failure.type();
	}

	/**
	 * Return the message of the exception in the other process.
	 * @return the message, empty if there was none
	 */
	public String getRemoteMessage() {
		return this.failure.message();
	}

	/**
	 * Return the stack trace of the exception in the other process.
	 * @return the stack trace, as printed there and shortened if necessary
	 */
	public String getRemoteStackTrace() {
		return this.failure.stackTrace();
	}

}
