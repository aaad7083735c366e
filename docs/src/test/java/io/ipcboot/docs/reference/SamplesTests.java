package io.ipcboot.docs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Checks that the samples on the pages equal the tested code that they come from. The
 * pages hold their samples themselves, since GitHub shows a page as it lies in the
 * repository and resolves no includes. With {@code -Ddocs.update=true}, these tests bring
 * the pages up to date.
 */
class SamplesTests {

	private static final Path PAGES = Path.of("src/main/asciidoc");

	private static final String DELIMITER = "----";

	private static final String ADVICE = "%s differs from the code that it shows. Change the code, "
			+ "then run 'mvn test -pl docs -am -Dtest=SamplesTests -Dsurefire.failIfNoSpecifiedTests=false "
			+ "-Ddocs.update=true' to bring the page up to date";

	@TempDir
	private Path directory;

	static List<Path> pages() throws IOException {
		return files(PAGES, ".adoc");
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everySampleEqualsItsCode(Path page) throws IOException {
		List<String> lines = Files.readAllLines(page);
		List<String> updated = updated(lines);
		if (Boolean.getBoolean("docs.update")) {
			Files.write(page, updated);
		}
		else {
			Path expected = Files.write(this.directory.resolve(page.getFileName()), updated);
			assertThat(page).as(ADVICE, page).hasSameTextualContentAs(expected);
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void noPageIncludesAFile(Path page) throws IOException {
		assertThat(Files.readAllLines(page)).filteredOn((line) -> line.startsWith("include::")).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyPieceOfJavaIsTested(Path page) throws IOException {
		List<String> lines = Files.readAllLines(page);
		for (int i = 0; i < lines.size(); i++) {
			if (lines.get(i).startsWith("[source,java")) {
				assertThat((i > 0) ? lines.get(i - 1) : "").as("%s, above line %s", page, i + 1)
					.startsWith("// sample: ");
			}
		}
	}

	@Test
	void everyTaggedRegionIsOnAPage() throws IOException {
		Set<Sample> shown = new LinkedHashSet<>();
		for (Path page : pages()) {
			Files.readAllLines(page)
				.stream()
				.map(Sample::namedBy)
				.filter((sample) -> sample != null)
				.forEach(shown::add);
		}
		List<Sample> tagged = new ArrayList<>();
		for (Path file : files(Path.of("src/test"), "")) {
			tagged.addAll(Sample.taggedIn(file));
		}
		assertThat(tagged).hasSizeGreaterThan(50);
		assertThat(shown).containsAll(tagged);
	}

	@Test
	void aSampleIsTheRegionsOfItsTagWithoutTheirIndentation() throws IOException {
		Path file = this.directory.resolve("Code.java");
		// in two parts, so that they are not taken for tags of this file
		String tag = "\t// tag:";
		String end = "\t// end:";
		Files.write(file, List.of("class Code {", tag + ":a[]", "\tint a() {", "\t\treturn 1; // <1>", tag + ":b[]", "",
				end + ":a[]", "\t\tint hidden;", end + ":b[]", tag + ":a[]", "\t}", end + ":a[]", "}"));
		assertThat(new Sample(file.toString(), "a").lines()).containsExactly("int a() {", "    return 1; // <1>", "",
				"}");
		assertThat(new Sample(file.toString(), "b").lines()).containsExactly("", "int hidden;");
		assertThat(Sample.taggedIn(file)).extracting(Sample::tag).containsExactly("a", "b");
		assertThatIllegalArgumentException().isThrownBy(() -> new Sample(file.toString(), "c").lines())
			.withMessageContaining("Code.java[tag=c]");
	}

	@Test
	void aPageGetsTheCodeAsItIs() throws IOException {
		String one = Files.writeString(this.directory.resolve("one.txt"), "first\n").toString();
		String two = Files.writeString(this.directory.resolve("two.txt"), "second\n").toString();
		List<String> before = List.of("text", "", "// sample: " + one + "[]", "// sample: " + two + "[]", "[source]",
				".title", DELIMITER, "old", "older", DELIMITER, "<1> text");
		assertThat(updated(before)).containsExactly("text", "", "// sample: " + one + "[]", "// sample: " + two + "[]",
				"[source]", ".title", DELIMITER, "first", "", "second", DELIMITER, "<1> text");
		assertThat(updated(updated(before))).isEqualTo(updated(before));
		assertThatIllegalArgumentException().isThrownBy(() -> updated(List.of("// sample one.txt[]")))
			.withMessageContaining("one.txt");
		assertThatIllegalArgumentException().isThrownBy(() -> updated(List.of("// sample: " + one + "[]", "", "text")))
			.withMessageContaining("one.txt");
	}

	private static List<String> updated(List<String> lines) throws IOException {
		List<String> updated = new ArrayList<>();
		List<Sample> named = new ArrayList<>();
		for (int i = 0; i < lines.size(); i++) {
			String line = lines.get(i);
			updated.add(line);
			Sample sample = Sample.namedBy(line);
			if (sample != null) {
				named.add(sample);
			}
			else if (line.equals(DELIMITER)) {
				int end = i + 1 + lines.subList(i + 1, lines.size()).indexOf(DELIMITER);
				updated.addAll(named.isEmpty() ? lines.subList(i + 1, end) : code(named));
				updated.add(DELIMITER);
				named.clear();
				i = end;
			}
			else if (line.isEmpty()) {
				requireBlock(named);
			}
		}
		requireBlock(named);
		return updated;
	}

	private static List<String> code(List<Sample> samples) throws IOException {
		List<String> code = new ArrayList<>();
		for (Sample sample : samples) {
			if (!code.isEmpty()) {
				code.add("");
			}
			code.addAll(sample.lines());
		}
		return code;
	}

	private static void requireBlock(List<Sample> named) {
		if (!named.isEmpty()) {
			throw new IllegalArgumentException("There is no block below " + named);
		}
	}

	private static List<Path> files(Path directory, String extension) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			return files.filter(Files::isRegularFile)
				.filter((file) -> file.toString().endsWith(extension))
				.sorted()
				.toList();
		}
	}

}
