package io.ipcboot.benchmarks.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import io.ipcboot.ParentProcess;

/**
 * The worker that is killed, stopped and hung.
 */
public final class SoakWorker {

	private SoakWorker() {
	}

	/**
	 * Forked by {@link Soak}.
	 * @param args none
	 * @throws IOException if it was not forked
	 */
	public static void main(String[] args) throws IOException {
		ParentProcess parent = ParentProcess.connect();
		parent.answer("echo", String.class, (text) -> text);
		parent.answer("slow", Integer.class, SoakWorker::sleep);
		parent.answer("hang", String.class, (nothing) -> hang());
		parent.listen("event", String.class, (text) -> {
		});
		parent.listen("socket", SocketChannel.class, SoakWorker::serve);
		parent.ready();
		parent.onDisconnect().join();
	}

	private static int sleep(int millis) {
		try {
			Thread.sleep(millis);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return millis;
	}

	private static Object hang() {
		while (true) {
			Thread.onSpinWait();
			Thread.yield();
			// an interrupt is ignored
			Thread.interrupted();
		}
	}

	private static void serve(SocketChannel connection) {
		try (connection) {
			ByteBuffer buffer = ByteBuffer.allocate(64);
			connection.read(buffer);
			connection.write(buffer.flip());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
