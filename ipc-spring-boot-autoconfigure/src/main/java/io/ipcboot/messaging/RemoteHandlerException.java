package io.ipcboot.messaging;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import io.ipcboot.channel.RemoteThrowable;
import io.ipcboot.channel.UntrustedText;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a listener in the other process failed. The failure arrives as text only:
 * no class that the other process names is ever loaded. The cause and its causes show the
 * types, messages and frames of the other process, so a printed stack trace has them too.
 */
public class RemoteHandlerException extends IpcException {

	private final RemoteFailure failure;

	private @Nullable RemoteThrowable cause;

	RemoteHandlerException(@Nullable PeerId peer, String destination, RemoteFailure failure) {
		super(peer, "'%s' failed with %s%s".formatted(UntrustedText.line(destination), failure.type(),
				failure.message().isEmpty() ? "" : ": " + failure.indentedMessage()));
		this.failure = failure;
	}

	RemoteFailure failure() {
		return this.failure;
	}

	/**
	 * Return the exception in the other process, with its causes and frames.
	 * @return a throwable that only has the texts of the exception, or {@code null} if
	 * there is no stack trace
	 */
	@Override
	public synchronized @Nullable Throwable getCause() {
		if (this.cause == null && !this.failure.stackTrace().isEmpty()) {
			this.cause = RemoteThrowable.parse(this.failure.stackTrace(), " (in %s)".formatted(getPeer()));
		}
		return this.cause;
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
