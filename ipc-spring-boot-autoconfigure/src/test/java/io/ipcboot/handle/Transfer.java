package io.ipcboot.handle;

import java.io.IOException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Sends a handle through the kernel and back into this JVM.
 */
final class Transfer {

	private Transfer() {
	}

	/**
	 * Send the handle and close it and the sockets it travelled through.
	 */
	static Handle send(Handle handle) throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		try (HandleSocket sender = pair.first(); HandleSocket receiver = pair.second(); handle) {
			receiver.acceptHandles(true);
			sender.write(new byte[] { (byte) handle.kind().code() }, 0, 1, handle);
			byte[] kind = new byte[1];
			assertThat(receiver.read(kind, 0, 1)).isOne();
			Handle received = receiver.pollReceived(handle.kind());
			assertThat(received).isNotNull();
			return received;
		}
	}

}
