package io.ipcboot.messaging;

import java.util.Map;

import io.ipcboot.channel.IpcException;
import io.ipcboot.channel.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * Writes failures into headers and reads them, so that a process gets the failure that
 * another process had on its behalf. Only a fixed set of exceptions is read: no header
 * names a class.
 */
public interface FailureFormat {

	/**
	 * Write a failure.
	 * @param failure the failure
	 * @return headers, whose names start with a colon; {@code null} for a failure that
	 * this format does not know
	 */
	@Nullable Map<String, String> write(IpcException failure);

	/**
	 * Read a failure.
	 * @param headers the headers of an answer
	 * @param peer the process that the failure names
	 * @return the failure, or {@code null} if the headers contain none of this format
	 */
	@Nullable IpcException read(Map<String, String> headers, @Nullable PeerId peer);

}
