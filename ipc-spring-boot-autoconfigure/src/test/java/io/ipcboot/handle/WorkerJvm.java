package io.ipcboot.handle;

import java.io.Closeable;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Another process, with one end of a {@link HandleSocket} as its standard input.
 *
 * @see WorkerMain
 */
final class WorkerJvm implements Closeable {

	static final String OPENED = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";

	private final HandleSocket socket;

	private final Process process;

	private final Path output;

	private WorkerJvm(HandleSocket socket, Process process, Path output) {
		this.socket = socket;
		this.process = process;
		this.output = output;
	}

	static WorkerJvm start(String... flags) throws IOException {
		HandleSocket.Pair pair = HandleSocket.openPair();
		Path output = Files.createTempFile("worker", ".log");
		Process process = new ProcessBuilder(TestJvm.command(WorkerMain.class, flags))
			.redirectInput(pair.second().asRedirect())
			.redirectErrorStream(true)
			.redirectOutput(new File(output.toString()))
			.start();
		pair.second().release();
		pair.first().acceptHandles(true);
		return new WorkerJvm(pair.first(), process, output);
	}

	HandleSocket socket() {
		return this.socket;
	}

	long pid() {
		return this.process.pid();
	}

	/**
	 * Send a handle, and close it.
	 */
	void send(Handle handle) throws IOException {
		try (handle) {
			this.socket.write(new byte[] { (byte) handle.kind().code() }, 0, 1, handle);
		}
	}

	/**
	 * Ask for a handle: the worker opens something of that kind.
	 */
	Handle request(HandleKind kind) throws IOException {
		this.socket.write(new byte[] { (byte) -kind.code() }, 0, 1);
		readFully(new byte[1]);
		Handle received = this.socket.pollReceived(kind);
		assertThat(received).isNotNull();
		return received;
	}

	String describeStandardInput() throws IOException {
		this.socket.write(new byte[1], 0, 1);
		return reply();
	}

	/**
	 * Return what the worker says after it has served or sent a handle.
	 */
	String reply() throws IOException {
		byte[] length = new byte[2];
		readFully(length);
		byte[] text = new byte[(length[0] & 0xFF) << 8 | length[1] & 0xFF];
		readFully(text);
		return new String(text, StandardCharsets.UTF_8);
	}

	private void readFully(byte[] bytes) throws IOException {
		int count = 0;
		while (count < bytes.length) {
			int read = this.socket.read(bytes, count, bytes.length - count);
			if (read == -1) {
				throw new EOFException("The worker is gone. It said: " + Files.readString(this.output));
			}
			count += read;
		}
	}

	/**
	 * SIGKILL.
	 */
	void kill() {
		this.process.destroyForcibly();
		this.process.onExit().join();
	}

	/**
	 * Close the socket and return what the worker has written to its standard output when
	 * it has ended.
	 */
	String end() throws IOException {
		this.socket.close();
		this.process.onExit().join();
		return Files.readString(this.output);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
		try {
			if (!this.process.waitFor(20, TimeUnit.SECONDS)) {
				this.process.destroyForcibly().waitFor();
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
		Files.delete(this.output);
	}

}
