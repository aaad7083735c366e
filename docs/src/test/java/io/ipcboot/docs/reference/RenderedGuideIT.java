package io.ipcboot.docs.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks that the links between the rendered pages are correct, and that a browser loads
 * nothing from elsewhere.
 */
class RenderedGuideIT {

	private static final Path GUIDE = Path.of("target/guide");

	private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");

	private static final Pattern LINK = Pattern.compile(" href=\"([^\"]+)\"");

	private static final Pattern LOADED = Pattern
		.compile("<(?:link|script|img|object|iframe|image)\\b[^>]*(?:href|src|data)=\"(?!data:)|url\\((?!#)|@import");

	@Test
	void everyLinkLeadsSomewhere() throws IOException {
		Map<String, String> pages = pages();
		assertThat(pages).hasSizeGreaterThan(5);
		pages.forEach((name, html) -> assertThat(links(html)).as(name)
			.filteredOn((link) -> !link.startsWith("https://"))
			.allSatisfy((link) -> {
				String page = link.startsWith("#") ? name : link.replaceAll("#.*", "");
				assertThat(GUIDE.resolve(page)).exists();
				if (link.contains("#") && !link.endsWith("#")) {
					assertThat(ids(pages.get(page))).contains(link.replaceAll(".*#", ""));
				}
			}));
	}

	@Test
	void everyPageIsInTheNavigation() throws IOException {
		Map<String, String> pages = pages();
		pages.forEach((name, html) -> assertThat(links(html)).as(name).containsAll(pages.keySet()));
	}

	@Test
	void nothingIsLoadedFromElsewhere() throws IOException {
		pages().forEach((name, html) -> assertThat(LOADED.matcher(html).find()).as(name).isFalse());
	}

	@Test
	void nothingIsLeftUnresolved() throws IOException {
		pages().forEach((name, html) -> assertThat(html).as(name)
			.doesNotContain("Unresolved directive", "include::", "// sample", "xref:", "{project-version}",
					"<li><p></p></li>"));
	}

	private static Map<String, String> pages() throws IOException {
		Map<String, String> pages = new TreeMap<>();
		try (Stream<Path> files = Files.list(GUIDE)) {
			for (Path file : files.filter((path) -> path.toString().endsWith(".html")).toList()) {
				pages.put(file.getFileName().toString(), Files.readString(file));
			}
		}
		return pages;
	}

	private static List<String> links(String html) {
		return LINK.matcher(html).results().map((match) -> match.group(1)).toList();
	}

	private static Set<String> ids(String html) {
		return ID.matcher(html).results().map((MatchResult match) -> match.group(1)).collect(Collectors.toSet());
	}

}
