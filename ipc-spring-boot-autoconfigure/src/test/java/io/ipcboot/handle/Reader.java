package io.ipcboot.handle;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A thread that is blocked reading one byte.
 */
record Reader(CompletableFuture<Object> result) {

	static Reader of(Socket socket) {
		CompletableFuture<Object> result = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				result.complete(socket.getInputStream().read());
			}
			catch (IOException ex) {
				result.complete(ex);
			}
		});
		thread.setDaemon(true);
		thread.start();
		Blocked.await(new AtomicReference<>(thread));
		return new Reader(result);
	}

	/**
	 * Return the byte, or the exception.
	 */
	Object outcome() throws Exception {
		return this.result.get();
	}

}
