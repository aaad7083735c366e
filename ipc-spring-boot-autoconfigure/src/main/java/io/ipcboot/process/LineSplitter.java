package io.ipcboot.process;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of UTF-8 into lines of bounded length. A longer line comes in pieces.
 */
final class LineSplitter {

	static final int MAX_LINE = 8 * 1024;

	/** A character takes at most this many bytes after its first one. */
	private static final int MAX_CONTINUATION = 3;

	private final byte[] line = new byte[MAX_LINE];

	private final Consumer<String> lines;

	private int length;

	LineSplitter(Consumer<String> lines) {
		this.lines = lines;
	}

	void accept(byte[] bytes, int count) {
		for (int i = 0; i < count; i++) {
			if (bytes[i] == '\n') {
				boolean carriageReturn = this.length > 0 && this.line[this.length - 1] == '\r';
				emit(carriageReturn ? this.length - 1 : this.length);
				this.length = 0;
				continue;
			}
			if (this.length == MAX_LINE) {
				cut(isContinuation(bytes[i]) ? startOfLastCharacter() : MAX_LINE);
			}
			this.line[this.length++] = bytes[i];
		}
	}

	void end() {
		if (this.length > 0) {
			emit(this.length);
			this.length = 0;
		}
	}

	private void cut(int end) {
		emit(end);
		this.length -= end;
		System.arraycopy(this.line, end, this.line, 0, this.length);
	}

	private int startOfLastCharacter() {
		for (int start = MAX_LINE - 1; start >= MAX_LINE - MAX_CONTINUATION; start--) {
			if (!isContinuation(this.line[start])) {
				return start;
			}
		}
		return MAX_LINE;
	}

	private static boolean isContinuation(byte value) {
		return (value & 0xC0) == 0x80;
	}

	private void emit(int end) {
		this.lines.accept(new String(this.line, 0, end, StandardCharsets.UTF_8));
	}

}
