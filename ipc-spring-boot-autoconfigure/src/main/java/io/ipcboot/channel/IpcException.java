package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Base of everything that can go wrong between two processes. The message names the peer:
 * its pool, slot and process id.
 */
public class IpcException extends RuntimeException {

	private final @Nullable PeerId peer;

	private volatile String note = "";

	public IpcException(@Nullable PeerId peer, String message) {
		this(peer, message, null);
	}

	public IpcException(@Nullable PeerId peer, String message, @Nullable Throwable cause) {
		super((peer != null) ? peer + ": " + message : message, cause);
		this.peer = peer;
	}

	/**
	 * Return the process at the other end.
	 * @return the peer, or {@code null} if no process was chosen yet
	 */
	public @Nullable PeerId getPeer() {
		return this.peer;
	}

	/**
	 * Say something more about what has happened.
	 * @param newNote a sentence, added to the message on a line of its own; replaces an
	 * earlier one
	 */
	public void addNote(String newNote) {
		this.note = "\n" + newNote;
	}

	@Override
	public String getMessage() {
		return super.getMessage() + this.note;
	}

}
