package io.ipcboot.handle;

import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;

import org.newsclub.net.unix.AFPipe;
import org.newsclub.net.unix.FileDescriptorCast;

/**
 * A pipe, pipe(2), whose ends can be handed to another process. Unlike the ends of
 * {@link java.nio.channels.Pipe}, which hide their descriptors, these ends need no JVM
 * flag.
 *
 * @param source the end to read from; owned by the caller
 * @param sink the end to write to; owned by the caller
 */
public record IpcPipe(FileInputStream source, FileOutputStream sink) implements Closeable {

	/**
	 * Open a new pipe.
	 * @return the pipe
	 * @throws IOException if the process has no descriptors left
	 */
	public static IpcPipe open() throws IOException {
		try (AFPipe pipe = AFPipe.open()) {
			FileInputStream source = new PipeInputStream(Descriptors.duplicate(pipe.source().getFileDescriptor()));
			try {
				return new IpcPipe(source,
						new FileOutputStream(Descriptors.duplicate(pipe.sink().getFileDescriptor())));
			}
			catch (IOException ex) {
				source.close();
				throw ex;
			}
		}
	}

	/**
	 * Return the sink as the standard output or standard error of a process to be
	 * started.
	 * @return a redirection that refers to the sink's descriptor
	 * @throws IOException if the sink is closed
	 */
	public Redirect asRedirect() throws IOException {
		return FileDescriptorCast.using(this.sink.getFD()).as(Redirect.class);
	}

	/**
	 * Close both ends, unless they have been handed over.
	 */
	@Override
	public void close() throws IOException {
		try (this.source; this.sink) {
			// closes in reverse order
		}
	}

}
