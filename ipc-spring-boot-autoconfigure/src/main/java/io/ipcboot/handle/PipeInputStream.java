package io.ipcboot.handle;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;

/**
 * Reads from a pipe. Several methods of JDK 17's {@link FileInputStream} ask for the
 * position in the file, and fail because a pipe has none.
 */
final class PipeInputStream extends FileInputStream {

	private static final int CHUNK = 8192;

	PipeInputStream(FileDescriptor descriptor) {
		super(descriptor);
	}

	@Override
	public byte[] readAllBytes() throws IOException {
		return readNBytes(Integer.MAX_VALUE);
	}

	@Override
	public byte[] readNBytes(int length) throws IOException {
		if (length < 0) {
			throw new IllegalArgumentException("length < 0");
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		byte[] chunk = new byte[Math.min(length, CHUNK)];
		int count = 0;
		while (bytes.size() < length && count != -1) {
			bytes.write(chunk, 0, count);
			count = read(chunk, 0, Math.min(chunk.length, length - bytes.size()));
		}
		return bytes.toByteArray();
	}

	@Override
	public long skip(long count) throws IOException {
		return readNBytes((int) Math.max(0, Math.min(count, CHUNK))).length;
	}

}
