package io.ipcboot.process;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of UTF-8 into lines of bounded length. A longer line comes in pieces. A
 * line with a {@linkplain LoggedEvent logged event} may be longer than others.
 */
final class LineSplitter {

	static final int MAX_LINE = 8 * 1024;

	/** A character takes at most this many bytes after its first one. */
	private static final int MAX_CONTINUATION = 3;

	private final Consumer<String> lines;

	private final @Nullable String marker;

	private byte[] line = new byte[MAX_LINE];

	private int length;

	/** How long the current line may be. */
	private int limit = MAX_LINE;

	LineSplitter(Consumer<String> lines, @Nullable String marker) {
		this.lines = lines;
		this.marker = marker;
	}

	void accept(byte[] bytes, int count) {
		for (int i = 0; i < count; i++) {
			if (bytes[i] == '\n') {
				boolean carriageReturn = this.length > 0 && this.line[this.length - 1] == '\r';
				emit(carriageReturn ? this.length - 1 : this.length);
				this.length = 0;
				continue;
			}
			if (this.length == MAX_LINE && this.limit == MAX_LINE && isEvent()) {
				this.limit = LoggedEvent.MAX_LINE;
				this.line = Arrays.copyOf(this.line, this.limit);
			}
			if (this.length == this.limit) {
				cut(isContinuation(bytes[i]) ? startOfLastCharacter() : this.length);
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

	private boolean isEvent() {
		return this.marker != null
				&& new String(this.line, 0, this.length, StandardCharsets.UTF_8).contains(this.marker);
	}

	private void cut(int end) {
		emit(end);
		this.length -= end;
		System.arraycopy(this.line, end, this.line, 0, this.length);
	}

	private int startOfLastCharacter() {
		for (int start = this.length - 1; start >= this.length - MAX_CONTINUATION; start--) {
			if (!isContinuation(this.line[start])) {
				return start;
			}
		}
		return this.length;
	}

	private static boolean isContinuation(byte value) {
		return (value & 0xC0) == 0x80;
	}

	private void emit(int end) {
		this.limit = MAX_LINE;
		this.lines.accept(new String(this.line, 0, end, StandardCharsets.UTF_8));
	}

}
