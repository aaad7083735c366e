package io.ipcboot.docs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks that the links between the pages, the README and other files lead somewhere in
 * the repository as it is, because many readers use the pages on GitHub, unrendered by
 * this build.
 */
class LinksTests {

	private static final Path PAGES = Path.of("src/main/asciidoc");

	private static final Path ROOT = Path.of("..");

	private static final Pattern ASCIIDOC_LINK = Pattern
		.compile("(?<!`)(?:xref:|link:|image::?)(?!https?:)([^\\s\\[\\]`]+)\\[");

	private static final Pattern MARKDOWN_LINK = Pattern.compile("]\\((?!https?:)([^)\\s]+)\\)");

	private static final Pattern EXPLICIT_ID = Pattern.compile("^\\[(?:#|\\[)([\\w-]+)");

	private static final Pattern ASCIIDOC_TITLE = Pattern.compile("^={2,6} (.+)");

	private static final Pattern MARKDOWN_TITLE = Pattern.compile("^#{1,6} (.+)");

	static List<Path> documents() throws IOException {
		try (Stream<Path> pages = Files.list(PAGES); Stream<Path> texts = Files.list(ROOT)) {
			return Stream
				.concat(pages.filter((file) -> file.toString().endsWith(".adoc")),
						texts.filter((file) -> file.toString().endsWith(".md")))
				.sorted()
				.toList();
		}
	}

	@ParameterizedTest
	@MethodSource("documents")
	void everyLinkLeadsSomewhere(Path document) throws IOException {
		assertThat(links(document)).as(document.toString()).filteredOn((link) -> !exists(document, link)).isEmpty();
	}

	@Test
	void theIndexLeadsToEveryPage() throws IOException {
		Path index = PAGES.resolve("index.adoc");
		Set<String> pages = documents().stream()
			.filter((document) -> document.startsWith(PAGES) && !document.equals(index))
			.map((document) -> document.getFileName().toString())
			.collect(Collectors.toSet());
		assertThat(pages).hasSizeGreaterThan(10);
		assertThat(links(index)).containsAll(pages);
		assertThat(links(ROOT.resolve("README.md"))).contains("docs/src/main/asciidoc/index.adoc");
	}

	@Test
	void aLinkThatLeadsNowhereIsNoticed() throws IOException {
		Path page = PAGES.resolve("handles.adoc");
		assertThat(exists(page, "handles.adoc#platforms")).isTrue();
		assertThat(exists(page, "#platforms")).isTrue();
		assertThat(exists(page, "../theme/concepts.svg")).isTrue();
		assertThat(exists(page, "sending.adoc#send-and-emit")).isTrue();
		assertThat(exists(page, "sending.adoc#platforms")).isFalse();
		assertThat(exists(page, "concepts.svg")).isFalse();
		assertThat(exists(page, "handles")).isFalse();
		assertThat(exists(ROOT.resolve("README.md"), "README.md#things-to-try")).isTrue();
		assertThat(exists(ROOT.resolve("README.md"), "README.md#1-isolated-work")).isTrue();
		assertThat(exists(ROOT.resolve("README.md"), "docs/no-such-file")).isFalse();
	}

	private static List<String> links(Path document) throws IOException {
		Pattern link = isPage(document) ? ASCIIDOC_LINK : MARKDOWN_LINK;
		return link.matcher(Files.readString(document)).results().map((match) -> match.group(1)).toList();
	}

	private static boolean exists(Path document, String link) {
		int hash = link.indexOf('#');
		String path = (hash < 0) ? link : link.substring(0, hash);
		Path target = path.isEmpty() ? document : document.resolveSibling(path).normalize();
		try {
			return Files.exists(target) && (hash < 0 || ids(target).contains(link.substring(hash + 1)));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Return what a link can name in a document: given ids, and the ids that Asciidoctor
	 * and GitHub derive from titles.
	 */
	private static Set<String> ids(Path document) throws IOException {
		Set<String> ids = new HashSet<>();
		for (String line : Files.readAllLines(document)) {
			if (isPage(document)) {
				ids.addAll(found(EXPLICIT_ID, line));
				found(ASCIIDOC_TITLE, line).forEach((title) -> ids.add(id(title, "[^\\w .-]", "[ .-]+")));
			}
			else {
				found(MARKDOWN_TITLE, line).forEach((title) -> ids.add(id(title, "[^\\w -]", " ")));
			}
		}
		return ids;
	}

	private static List<String> found(Pattern pattern, String line) {
		return pattern.matcher(line).results().map((MatchResult match) -> match.group(1)).toList();
	}

	private static String id(String title, String removed, String separator) {
		return title.toLowerCase(Locale.ROOT).replaceAll(removed, "").replaceAll(separator, "-");
	}

	private static boolean isPage(Path document) {
		return document.toString().endsWith(".adoc");
	}

}
