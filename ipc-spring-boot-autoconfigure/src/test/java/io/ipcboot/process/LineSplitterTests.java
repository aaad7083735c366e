package io.ipcboot.process;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lines out of bytes.
 */
class LineSplitterTests {

	private final List<String> lines = new ArrayList<>();

	private final LineSplitter splitter = new LineSplitter(this.lines::add, "ipc-marker:");

	@Test
	void linesMayEndInDifferentWaysAndComeInPieces() {
		accept("one\ntwo\r\n\nfo");
		assertThat(this.lines).containsExactly("one", "two", "");
		accept("ur\nlast");
		assertThat(this.lines).containsExactly("one", "two", "", "four");
		this.splitter.end();
		assertThat(this.lines).containsExactly("one", "two", "", "four", "last");
	}

	@Test
	void nothingAfterTheLastNewlineIsNoLine() {
		accept("one\n");
		this.splitter.end();
		assertThat(this.lines).containsExactly("one");
	}

	@Test
	void aLongLineComesInPieces() {
		accept("x".repeat(LineSplitter.MAX_LINE) + "y".repeat(LineSplitter.MAX_LINE) + "z\nnext\n");
		assertThat(this.lines).containsExactly("x".repeat(LineSplitter.MAX_LINE), "y".repeat(LineSplitter.MAX_LINE),
				"z", "next");
	}

	@Test
	void aLineOfExactlyTheLimitIsOneLine() {
		accept("x".repeat(LineSplitter.MAX_LINE) + "\nnext\n");
		assertThat(this.lines).containsExactly("x".repeat(LineSplitter.MAX_LINE), "next");
	}

	@Test
	void aCharacterIsNotCutInTwo() {
		for (int shift = 0; shift < 4; shift++) {
			this.lines.clear();
			String text = "a".repeat(shift) + "🎈".repeat(LineSplitter.MAX_LINE / 2) + "\n";
			accept(text);
			// not printed if it fails, as it is long
			assertThat(String.join("", this.lines).equals(text.strip())).isTrue();
			assertThat(this.lines).hasSizeGreaterThan(1)
				.allMatch((line) -> line.getBytes(StandardCharsets.UTF_8).length <= LineSplitter.MAX_LINE);
		}
	}

	@Test
	void garbageComesInPiecesToo() {
		byte[] garbage = new byte[3 * LineSplitter.MAX_LINE];
		Arrays.fill(garbage, (byte) 0x80);
		this.splitter.accept(garbage, garbage.length);
		this.splitter.end();
		assertThat(this.lines).hasSize(3);
	}

	private void accept(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		this.splitter.accept(bytes, bytes.length);
	}

}
