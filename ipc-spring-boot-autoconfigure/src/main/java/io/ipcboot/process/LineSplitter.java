package io.ipcboot.process;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into lines of bounded length. A longer line comes in pieces.
 */
final class LineSplitter {

	static final int MAX_LINE = 8 * 1024;

	private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);

	private final Consumer<String> lines;

	LineSplitter(Consumer<String> lines) {
		this.lines = lines;
	}

	void accept(byte[] bytes, int length) {
		int start = 0;
		for (int i = 0; i < length; i++) {
			boolean newline = bytes[i] == '\n';
			if (newline || this.line.size() + i - start == MAX_LINE) {
				this.line.write(bytes, start, i - start);
				emit();
				start = newline ? i + 1 : i;
			}
		}
		this.line.write(bytes, start, length - start);
	}

	void end() {
		if (this.line.size() > 0) {
			emit();
		}
	}

	private void emit() {
		String text = this.line.toString(StandardCharsets.UTF_8);
		this.line.reset();
		this.lines.accept(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
	}

}
