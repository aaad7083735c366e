package io.ipcboot.channel;

import java.util.Collections;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What another process says neither forges a line nor controls a terminal, and is short.
 */
class UntrustedTextTests {

	@ParameterizedTest
	@ValueSource(ints = { 0, 7, 8, 10, 11, 12, 13, 0x1b, 0x7f, 0x80, 0x85, 0x9b, 0x9f, 0x61c, 0x200e, 0x200f, 0x2028,
			0x2029, 0x202a, 0x202e, 0x2066, 0x2069 })
	void whatControlsIsEscaped(int character) {
		String text = "a" + (char) character + "b";
		assertThat(UntrustedText.isHarmless(text)).isFalse();
		assertThat(UntrustedText.line(text)).isEqualTo("a\\u%04xb".formatted(character));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "plain", "a\tb", "\u00a0\u00fc\u20ac\ud83d\ude00", "C:\\path\\u001b" })
	void whatDoesNotControlStaysAsItIs(String text) {
		assertThat(UntrustedText.isHarmless(text)).isTrue();
		assertThat(UntrustedText.line(text)).isSameAs(text);
		assertThat(UntrustedText.indented(text)).isEqualTo(text);
	}

	@Test
	void linesAfterTheFirstAreIndented() {
		assertThat(UntrustedText.indented("a\r\nb\nc")).isEqualTo("a\\u000d\n\tb\n\tc");
		assertThat(UntrustedText.line(null)).isEqualTo("null");
		assertThat(UntrustedText.isHarmless("a\n\tb\n at c\n")).isTrue();
		assertThat(UntrustedText.isHarmless("a\n\nb")).isFalse();
	}

	@Test
	void aCutLeavesNoHalfCharacter() {
		assertThat(UntrustedText.cut("abcd", 4)).isEqualTo("abcd");
		assertThat(UntrustedText.cut("abcde", 4)).isEqualTo("abcd…");
		assertThat(UntrustedText.cut("abc\ud83d\ude00", 4)).isEqualTo("abc…");
	}

	@Test
	void theLastLinesAreQuotedAndTheQuoteIsShort() {
		assertThat(UntrustedText.quote(List.of())).isEmpty();
		assertThat(UntrustedText.quote(List.of("a", "", "b\u001b"))).isEqualTo("\n\ta\n\t\n\tb\\u001b");
		assertThat(UntrustedText.quote(Collections.nCopies(50, "x".repeat(1000)))).startsWith("\n\txxx")
			.hasSizeBetween(3000, 4200);
		assertThat(UntrustedText.quote(List.of("first", "y".repeat(8000), "last"))).startsWith("\n\tyyy")
			.endsWith("…\n\tlast")
			.hasSizeBetween(4000, 4200);
		assertThat(UntrustedText.quote(Collections.nCopies(50, "\u001b".repeat(8000)))).hasSizeBetween(4000, 4200);
		assertThat(UntrustedText.end(Collections.nCopies(50, "z".repeat(8000)))).singleElement()
			.asString()
			.hasSizeBetween(4000, 4200);
	}

}
