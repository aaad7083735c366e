package io.ipcboot.process;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Events as lines, and back.
 */
class LoggedEventTests {

	private static final String MARKER = "ipc-marker:";

	private final List<String> lines = new ArrayList<>();

	private final LineSplitter splitter = new LineSplitter(this.lines::add, MARKER);

	@Test
	void anEventIsOneLineWhateverItsTextsHave() {
		String text = "a\n\r\n\\n\u001f\u001e" + MARKER + "é🎈\\";
		LoggedEvent event = new LoggedEvent(Instant.parse("2026-01-01T00:00:00.123456789Z"), "INFO", text, text, text,
				Map.of(text, text, "", ""), text);
		print(event);
		assertThat(this.lines).hasSize(1);
		assertThat(LoggedEvent.parse(MARKER, this.lines.get(0))).isEqualTo(event);
		assertThat(LoggedEvent.parse(MARKER, "before" + this.lines.get(0))).isEqualTo(event);
	}

	@Test
	void aLongEventIsStillOneLine() {
		LoggedEvent event = event("m".repeat(20_000), Map.of(), "s".repeat(40_000));
		print(event);
		assertThat(this.lines).hasSize(1);
		assertThat(LoggedEvent.parse(MARKER, this.lines.get(0))).isEqualTo(event);
	}

	@Test
	void ofAnEventThatIsTooLongTheBeginningsOfItsPartsAreLeft() {
		for (String character : List.of("x", "\n", "é", "€", "🎈")) {
			String text = character.repeat(200_000);
			this.lines.clear();
			Map<String, String> context = new LinkedHashMap<>();
			context.put(text, text);
			context.put("kept", "value");
			print(new LoggedEvent(Instant.EPOCH, "INFO", text, text, text, context, text));
			assertThat(this.lines).hasSize(1);
			LoggedEvent event = LoggedEvent.parse(MARKER, this.lines.get(0));
			assertThat(event).isNotNull();
			assertThat(event.message()).startsWith(character).endsWith("…").hasSizeBetween(1000, 5000);
			assertThat(event.stackTrace()).startsWith(character).endsWith("…").hasSizeBetween(2000, 10_000);
			assertThat(event.context()).containsExactly(Map.entry("kept", "value"));
		}
	}

	@Test
	void plainLinesBesideEventsHaveTheLengthOfPlainLines() {
		print(event("m".repeat(60_000), Map.of(), ""));
		accept("x".repeat(LineSplitter.MAX_LINE + 1) + "\nnext\n");
		assertThat(this.lines).hasSize(4).endsWith("x".repeat(LineSplitter.MAX_LINE), "x", "next");
	}

	@Test
	void aLineThatOnlyBeginsLikeAnEventIsAPlainLine() {
		String line = new String(event("message", Map.of("key", "value"), "trace").toLine(MARKER),
				StandardCharsets.UTF_8)
			.strip();
		assertThat(LoggedEvent.parse(MARKER, line)).isNotNull();
		for (String other : List.of(MARKER, MARKER + "x", line.replace("1970", "x"), line + "\u001f", "plain",
				line.substring(1))) {
			assertThat(LoggedEvent.parse(MARKER, other)).as(other).isNull();
		}
	}

	private static LoggedEvent event(String message, Map<String, String> context, String stackTrace) {
		return new LoggedEvent(Instant.EPOCH, "INFO", "logger", "thread", message, context, stackTrace);
	}

	private void print(LoggedEvent event) {
		byte[] line = event.toLine(MARKER);
		this.splitter.accept(line, line.length);
	}

	private void accept(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		this.splitter.accept(bytes, bytes.length);
	}

}
