package io.ipcboot.channel;

import org.jspecify.annotations.Nullable;

/**
 * Base class of the exceptions for everything that can go wrong between two processes.
 * The message names the peer: its pool, slot and process id.
 */
public class IpcException extends RuntimeException {

	private final @Nullable PeerId peer;

	private volatile String note = "";

	public IpcException(@Nullable PeerId peer, String message) {
		this(peer, message, null);
	}

	public IpcException(@Nullable PeerId peer, String message, @Nullable Throwable cause) {
		super(message, cause);
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
	 * Add a note to the message.
	 * @param newNote a sentence that is added to the message on a line of its own, in
	 * place of an earlier note
	 */
	public void addNote(String newNote) {
		this.note = "\n" + newNote;
	}

	/**
	 * Return what went wrong.
	 * @return the peer, if there is one, what went wrong, and the note
	 */
	@Override
	public String getMessage() {
		// put together on demand: thousands of exceptions may share one long text
		String text = String.valueOf(super.getMessage());
		String named = (this.peer != null) ? this.peer + ": " + text : text;
		return this.note.isEmpty() ? named : named + this.note;
	}

}
