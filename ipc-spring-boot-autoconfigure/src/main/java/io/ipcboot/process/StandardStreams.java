package io.ipcboot.process;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

import io.ipcboot.handle.HandleSocket;
import io.ipcboot.handle.IpcPipe;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of the standard streams of a process to be started. The pipes are not those
 * of the JDK: two threads empty those at the same time when the process ends, so that its
 * last lines can get lost.
 */
final class StandardStreams implements Closeable {

	private HandleSocket.@Nullable Pair sockets;

	private @Nullable IpcPipe output;

	private @Nullable IpcPipe error;

	private StandardStreams() {
	}

	static StandardStreams open(ProcessSpec spec) throws IOException {
		StandardStreams streams = new StandardStreams();
		try {
			streams.sockets = spec.channel() ? HandleSocket.openPair() : null;
			if (spec.output() != ProcessOutput.INHERIT) {
				streams.output = IpcPipe.open();
				streams.error = IpcPipe.open();
			}
			return streams;
		}
		catch (IOException ex) {
			streams.close();
			throw ex;
		}
	}

	void redirect(ProcessBuilder builder) throws IOException {
		if (this.sockets != null) {
			builder.redirectInput(this.sockets.second().asRedirect());
			ChannelEnvironment.describe(builder.environment(), this.sockets.second());
		}
		builder.redirectOutput((this.output != null) ? this.output.asRedirect() : Redirect.INHERIT);
		builder.redirectError((this.error != null) ? this.error.asRedirect() : Redirect.INHERIT);
	}

	/**
	 * Close this side's copies of the ends of the process, once the process has its own.
	 */
	void releaseProcessEnds() throws IOException {
		if (this.sockets != null) {
			// shutting down the connection would end it for the process too
			this.sockets.second().release();
		}
		if (this.output != null && this.error != null) {
			this.output.sink().close();
			this.error.sink().close();
		}
	}

	@Nullable HandleSocket socket() {
		return (this.sockets != null) ? this.sockets.first() : null;
	}

	@Nullable FileInputStream output() {
		return (this.output != null) ? this.output.source() : null;
	}

	@Nullable FileInputStream error() {
		return (this.error != null) ? this.error.source() : null;
	}

	/**
	 * Close both ends of all streams, because the process did not start.
	 */
	@Override
	public void close() throws IOException {
		if (this.sockets != null) {
			this.sockets.first().close();
			this.sockets.second().close();
		}
		if (this.output != null) {
			this.output.close();
		}
		if (this.error != null) {
			this.error.close();
		}
	}

}
